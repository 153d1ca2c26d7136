/** Keeps the latest of what is put in. */
export class Ring<T> {
  readonly #size: number
  readonly #items: T[] = []
  #next = 0

  constructor(size: number) {
    this.#size = size
  }

  push(item: T): void {
    this.#items[this.#next] = item
    this.#next = (this.#next + 1) % this.#size
  }

  get latest(): T | undefined {
    return this.#items[(this.#next + this.#size - 1) % this.#size]
  }

  /** The oldest first. */
  toArray(): T[] {
    return this.#items.length < this.#size
      ? [...this.#items]
      : [...this.#items.slice(this.#next), ...this.#items.slice(0, this.#next)]
  }
}

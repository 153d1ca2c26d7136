/**
 * A first-in, first-out queue with constant-time `push`, `shift` and `unshift`, where `Array#shift` moves every element.
 *
 *     #head ─▶ node ─▶ node ─▶ node ◀─ #tail
 */
interface Node<T> {
  readonly value: T
  next: Node<T> | null
}

export class Fifo<T> {
  #head: Node<T> | null = null
  #tail: Node<T> | null = null
  #size = 0

  get size(): number {
    return this.#size
  }

  push(value: T): void {
    const node: Node<T> = { value, next: null }
    if (this.#tail === null) this.#head = node
    else this.#tail.next = node
    this.#tail = node
    this.#size++
  }

  /** Puts `value` before everything else. */
  unshift(value: T): void {
    this.#head = { value, next: this.#head }
    this.#tail ??= this.#head
    this.#size++
  }

  peek(): T | undefined {
    return this.#head?.value
  }

  shift(): T | undefined {
    const node = this.#head
    if (node === null) return undefined
    this.#head = node.next
    if (this.#head === null) this.#tail = null
    this.#size--
    return node.value
  }

  /** Removes and returns everything, oldest first. */
  drain(): T[] {
    const values: T[] = []
    for (let value = this.shift(); value !== undefined; value = this.shift()) values.push(value)
    return values
  }
}

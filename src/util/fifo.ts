/**
 * A first-in, first-out queue with constant-time `push`, `shift` and `unshift`, where `Array#shift` moves every element,
 * and with constant-time `remove` from anywhere, for those who wait no longer.
 *
 *     #head ─▶ node ◀─▶ node ◀─▶ node ◀─ #tail
 */
interface Node<T> {
  readonly value: T
  previous: Node<T> | null
  next: Node<T> | null
  queued: boolean
}

declare const PLACE: unique symbol

/** Where a value stands in its queue, for {@link Fifo.remove}. */
export interface Place<T> {
  readonly [PLACE]: T
}

export class Fifo<T> {
  #head: Node<T> | null = null
  #tail: Node<T> | null = null
  #size = 0

  get size(): number {
    return this.#size
  }

  push(value: T): Place<T> {
    const node: Node<T> = { value, previous: this.#tail, next: null, queued: true }
    if (this.#tail === null) this.#head = node
    else this.#tail.next = node
    this.#tail = node
    this.#size++
    return toPlace(node)
  }

  /** Puts `value` before everything else. */
  unshift(value: T): Place<T> {
    const node: Node<T> = { value, previous: null, next: this.#head, queued: true }
    if (this.#head === null) this.#tail = node
    else this.#head.previous = node
    this.#head = node
    this.#size++
    return toPlace(node)
  }

  peek(): T | undefined {
    return this.#head?.value
  }

  shift(): T | undefined {
    const node = this.#head
    if (node === null) return undefined
    this.#unlink(node)
    return node.value
  }

  /** Takes one out of its place; `false` when it has been taken already. The place has to be one of this queue. */
  remove(place: Place<T>): boolean {
    const node = toNode(place)
    if (!node.queued) return false
    this.#unlink(node)
    return true
  }

  /** Removes and returns everything, oldest first. */
  drain(): T[] {
    const values: T[] = []
    for (let value = this.shift(); value !== undefined; value = this.shift()) values.push(value)
    return values
  }

  #unlink(node: Node<T>): void {
    if (node.previous === null) this.#head = node.next
    else node.previous.next = node.next
    if (node.next === null) this.#tail = node.previous
    else node.next.previous = node.previous
    node.queued = false
    this.#size--
  }
}

// A place is the node, seen from outside: nothing is allocated for those who never ask for it.
const toPlace = <T>(node: Node<T>): Place<T> => node as unknown as Place<T>
const toNode = <T>(place: Place<T>): Node<T> => place as unknown as Node<T>

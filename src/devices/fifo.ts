/** What can stand in a line: it knows who comes after it. */
export interface Queued<T> {
  next?: T | undefined
}

/** A line of its own members: an empty one costs 32 bytes, where an array that was ever used keeps 150. A fleet has millions of them. */
export class Fifo<T extends Queued<T>> {
  #first: T | undefined
  #last: T | undefined

  push(item: T): void {
    if (this.#last) this.#last.next = item
    else this.#first = item
    this.#last = item
  }

  /** The member that came first; undefined when there is none. */
  shift(): T | undefined {
    const item = this.#first
    this.#first = item?.next
    if (this.#first === undefined) this.#last = undefined
    return item
  }

  clear(): void {
    this.#first = this.#last = undefined
  }
}

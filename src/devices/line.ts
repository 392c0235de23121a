/** What can stand in a line: it knows who comes after it. */
export interface Queued<T> {
  next: T | undefined
}

/**
 * Puts an item at the end of a line and returns who is first. Lines are short, mostly empty: walking along one costs less than what a queue of
 * its own would take in each of a million boards.
 */
export function lineUp<T extends Queued<T>>(first: T | undefined, item: T): T {
  if (first === undefined) return item
  let last = first
  while (last.next !== undefined) last = last.next
  last.next = item
  return first
}

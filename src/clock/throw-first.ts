/** After `Promise.allSettled`: throws what was thrown first, in the order of the promises. */
export function throwFirst(results: readonly PromiseSettledResult<unknown>[]): void {
  for (const result of results) if (result.status === 'rejected') throw result.reason
}

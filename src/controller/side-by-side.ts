/** Calls under way at the same time: an answer takes longer than the quotas ask to wait. */
const LANES = 16

/** Does it for every item, several at a time, and stops with the first failure or when the signal aborts. */
export async function sideBySide<T>(items: Iterable<T>, act: (item: T) => Promise<unknown>, signal?: AbortSignal): Promise<void> {
  const rest = items[Symbol.iterator]()
  let failed = false
  const lane = async () => {
    try {
      for (let next = rest.next(); !next.done && !failed; next = rest.next()) {
        signal?.throwIfAborted()
        await act(next.value)
      }
    } catch (error) {
      failed = true
      throw error
    }
  }
  const lanes = await Promise.allSettled(Array.from({ length: LANES }, lane))
  const broken = lanes.find((outcome) => outcome.status === 'rejected')
  if (broken) throw broken.reason
}

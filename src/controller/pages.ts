/** Everything that a List operation has, over all its pages. */
export async function allPages<T>(
  read: (next: { nextToken?: string }) => Promise<{ items: readonly T[] | undefined; nextToken: string | undefined }>,
): Promise<T[]> {
  const all: T[] = []
  let nextToken: string | undefined
  do {
    const page = await read(nextToken === undefined ? {} : { nextToken })
    for (const item of page.items ?? []) all.push(item)
    nextToken = page.nextToken || undefined
  } while (nextToken !== undefined)
  return all
}

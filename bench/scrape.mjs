import { createServer } from 'node:net'

/** A port that nobody has, for /metrics of a measured run. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address()
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** What /metrics of a run shows on `port`; undefined while nobody listens there. */
export async function scrape(port) {
  try {
    return await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
  } catch {
    // The run has not opened its port yet, or has ended.
    return undefined
  }
}

/** The sum of all series that `pattern` finds; its group is the value. */
export function total(text, pattern) {
  return [...text.matchAll(pattern)].reduce((sum, [, value]) => sum + Number(value), 0)
}

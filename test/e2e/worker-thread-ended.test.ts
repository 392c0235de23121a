import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'

const POOL = new URL('../../dist/run/worker-threads.js', import.meta.url).href
const ROUNDS = 60

/** Ends each thread somewhere in its start, in a process of its own: what can go wrong is that all of it aborts. */
const PROGRAM = `
  import { WorkerThreads } from '${POOL}'
  let ended = 0
  process.on('worker', (thread) => setTimeout(() => thread.terminate().then(() => ended++), Math.random() * 250))
  for (let round = 0; round < ${ROUNDS}; round++) {
    const threads = new WorkerThreads(2, () => {})
    await new Promise((resolve) => setTimeout(resolve, 200))
    await threads.close()
  }
  console.log(ended >= ${ROUNDS})
`

test('a worker thread may end at any moment of its start, and takes nobody with it', () => {
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', PROGRAM], {
    encoding: 'utf8',
    timeout: 100_000,
  })
  expect({ status, signal, stdout }, stderr).toEqual({ status: 0, signal: null, stdout: 'true\n' })
})

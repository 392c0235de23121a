import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { rehearsed, temporaryDirectory } from './rehearsed.ts'

/** Trackers that all begin within a minute, against a cloud that takes so many updates a second. */
function scenario(limits: string): string {
  const folder = temporaryDirectory()
  writeFileSync(join(folder, 'rates.yaml'), 'rates:\n  jobs data writes: 5\n')
  writeFileSync(
    join(folder, 'scenario.yaml'),
    `name: limits
time: { speed: max, limit: 1h }
cloud: { embedded: { limits: ${limits} } }
fleet: { trackers: { kind: tracker, count: 300, firmware: 1.0.0 } }
images: { app: { version: 1.0.1, size: 4KiB } }
rollouts: [{ job: { targets: [trackers], image: app, timeoutConfig: { inProgressTimeoutInMinutes: 10 } } }]
`,
  )
  return join(folder, 'scenario.yaml')
}

test('the rates that AWS grants are enough for one job', async () => {
  const { run } = await rehearsed(scenario('aws-default'))
  expect(run.summary.outcomes.all).toMatchObject({ targets: 300, succeeded: 300 })
})

test('with lower ones reports of trackers are throttled, and none is sent again', async () => {
  const { run } = await rehearsed(scenario('rates.yaml'))
  const { succeeded, queued, timed_out: timedOut } = run.summary.outcomes.all
  // One whose start was refused waits to be told again; one whose report was, times out.
  expect([succeeded < 150, queued > 100, timedOut > 30]).toEqual([true, true, true])
  expect(run.of('reported').filter((event) => !event.accepted)).toHaveLength(timedOut)
})

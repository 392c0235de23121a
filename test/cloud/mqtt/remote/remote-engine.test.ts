import { expect, test } from 'vitest'
import { VirtualClock } from '../../../../src/clock/virtual.ts'
import { RemoteEngine } from '../../../../src/cloud/mqtt/remote/remote-engine.ts'
import { START_MS } from '../door-world.ts'

test('the end of a connection that its client has replaced already is not the end of the new one', () => {
  const clock = new VirtualClock(START_MS)
  const engine = new RemoteEngine(clock, 1, () => {})
  const ended: string[] = []
  engine.bus.attach({
    wanted: () => false,
    publish() {},
    connection: () => ({ isConnected: true, cleanSession: true, sinceMs: 2 }),
    disconnect: (clientId) => ended.push(clientId) > 0,
  })
  engine.receive([
    ['end', 'old', 1, 'DUPLICATE_CLIENTID', true, false],
    ['end', 'current', 2, 'DUPLICATE_CLIENTID', true, false],
  ])
  expect(ended).toEqual(['current'])
})

test('when the engine does not read, clients are dropped instead of filling the memory', async () => {
  const engine = new RemoteEngine(new VirtualClock(START_MS), 1, () => {})
  const dropped: string[] = []
  engine.bus.attach({ wanted: () => false, publish() {}, disconnect: (clientId, { reason }) => dropped.push(`${clientId} ${reason}`) > 0 })
  const answers: unknown[] = []
  const large = 'x'.repeat(128 * 1024)
  for (let i = 0; i < 600; i++) engine.request('$aws/things/t/jobs/get', large, (answer) => answers.push(answer))
  expect(answers.length).toBeGreaterThan(80)
  expect(new Set(answers)).toEqual(new Set(['failed']))
  engine.published('c1', 'data-ingest', '{}', 1)
  expect(dropped).toEqual(['c1 SERVER_INITIATED_DISCONNECT'])
})

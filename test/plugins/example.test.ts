import { expect, test } from 'vitest'
import { rehearsed } from '../scenarios/rehearsed.ts'

test('scenarios/plugins/plugin.yaml: its own devices are updated, its own fault strikes them, and the same seed says the same', async () => {
  const { exitCode, printed, run } = await rehearsed('scenarios/plugins/plugin.yaml')
  expect({ exitCode, verdict: run.summary.verdict }).toMatchObject({ exitCode: 0, verdict: { ok: true } })
  expect(run.summary.rollouts.map(({ counts }) => counts)).toMatchObject([{ SUCCEEDED: 180, FAILED: 20 }, { SUCCEEDED: 20 }])
  expect(run.summary.failures).toMatchObject([
    { kind: 'update', reason: 'bolt is jammed', count: 16 },
    { kind: 'update', reason: 'crc32 mismatch', count: 4 },
  ])
  expect(run.struckBy('jammed-bolt').size).toBe(20)
  // Those whose power went have come back and finished.
  const executions = run.executions()
  const jammed = [...run.struckBy('jammed-bolt')].map((device) => executions.get(device)!.status)
  expect(jammed.filter((status) => status === 'SUCCEEDED')).toHaveLength(4)
  expect(run.of('running').filter(({ version }) => version === '2.4.0')).toHaveLength(180)
  expect(printed).toContain('./jammed-bolt.js on 10 % of locks')

  const again = await rehearsed('scenarios/plugins/plugin.yaml')
  expect(again.run.summary.journal.sha256).toBe(run.summary.journal.sha256)
})

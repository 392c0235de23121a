import { cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { rehearsed, temporaryDirectory } from '../scenarios/rehearsed.ts'

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

test('a fault that fails, at once or when image bytes come, stops the devices that it struck; the others are updated; exit code 1', async () => {
  const folder = temporaryDirectory()
  cpSync('scenarios/plugins', folder, { recursive: true })
  const code = `export default { name: 'bad', strike(target, config, random) {
  if (random() < 0.5) target.tamper(() => null)
  else target.cutLink('long')
} }`
  writeFileSync(join(folder, 'bad.js'), code)
  const faults = 'faults=[{ devices: 10 of locks, during: download, do: plugin, uses: ./bad.js }]'
  const { exitCode, printed, run } = await rehearsed(join(folder, 'plugin.yaml'), faults, 'rollouts[0].cancel={ at: 20m, force: true }')
  expect(exitCode).toBe(1)
  expect(printed).toContain(`${join(folder, 'bad.js')} failed on 10 devices`)
  const reasons = run.of('bricked').map(({ reason, plugin }) => `${String(reason)} ${String(plugin).replace(folder, '')}`)
  expect(new Set(reasons)).toEqual(
    new Set([
      'bad.js: TypeError: cutLink: expected milliseconds, found "long" at bad.js:3 (fault bad) /bad.js',
      'bad.js: TypeError: tamper: expected a response of { status, headers, body }, found null (fault bad) /bad.js',
    ]),
  )
  expect(reasons).toHaveLength(10)
  expect(run.summary.outcomes.groups).toMatchObject({ locks: { succeeded: 190, bricked: 10 }, trackers: { succeeded: 20 } })
})

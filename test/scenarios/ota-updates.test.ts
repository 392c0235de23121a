import { expect, test } from 'vitest'
import { rehearsed } from './rehearsed.ts'

/** One update for a few sensors; what a test wants of it comes on top. */
const SMALL = ['thresholds=[]', 'faults=[]', 'fleet.sensors.count=20', 'fleet.meters.count=1', 'images.app.size=20KiB']
const OTA = 'rollouts[0].otaUpdate'

test('every option that CreateOTAUpdate has beside its rollout, from a stream of the run', { timeout: 60_000 }, async () => {
  const { run } = await rehearsed(
    'scenarios/freertos-ota.yaml',
    ...SMALL,
    `${OTA}.description=nightly`,
    `${OTA}.additionalParameters={ring: "1"}`,
    `${OTA}.tags=[{Key: owner, Value: me}]`,
    `${OTA}.file={fileName: a.bin, fileType: 3, fileVersion: "7", fileLocation: stream, attributes: {a: b}}`,
  )
  expect(run.summary.run.end).toBe('completed')
  expect(run.summary.outcomes.groups['sensors']).toMatchObject({ succeeded: 20 })
})

test('an update that can not be made says why, and leaves nothing behind', { timeout: 60_000 }, async () => {
  const certificate = '../test/scenarios/ota-updates.test.ts'
  const { run, exitCode, printed } = await rehearsed(
    'scenarios/freertos-ota.yaml',
    ...SMALL,
    `${OTA}.file.codeSigning={awsSignerJobId: unknown, certificate: ${certificate}, certificateName: a.crt}`,
  )
  expect(exitCode).toBe(97)
  expect(printed).toMatch(/OTA update freertos-ota-\S+ could not be made: ResourceNotFoundException: There is no signing job unknown/)
  expect(run.of('cloud-removed')).toHaveLength(1)
})

test('an operator who cancels with force: downloads stop, and the report counts them', { timeout: 60_000 }, async () => {
  const { run } = await rehearsed(
    'scenarios/freertos-ota.yaml',
    ...SMALL,
    'images.app.size=1MiB',
    'fleet.sensors.link=nb-iot',
    'rollouts[0].cancel={at: 2m, force: true}',
  )
  expect(run.summary.rollouts[0]).toMatchObject({ kind: 'otaUpdate', status: 'CANCELED' })
  expect(run.summary.outcomes.groups['sensors']!.canceled).toBeGreaterThan(0)
})

test('devices with an outdated certificate, or without one: no image goes in', { timeout: 60_000 }, async () => {
  for (const [certificate, reason] of [
    ['outdated', '0x000000e3: 0x00000000'],
    ['missing', '0x000000e7: 0x00000000'],
  ]) {
    const { run } = await rehearsed('scenarios/freertos-ota.yaml', ...SMALL, `fleet.sensors.certificate=${certificate}`)
    expect(run.summary.failures).toEqual([expect.objectContaining({ kind: 'update', reason, count: 20 })])
    expect(run.of('flashed').filter(({ device }) => device < 20)).toEqual([])
  }
})

import { measureRun } from './measure.mjs'

const FEW = 500

/** Fleets of one kind each, in virtual time: what is changed in the scenario for a fleet of this size. Images are small, so that memory is that of devices. */
const KINDS = {
  tracker: ['scenarios/million.yaml', (count) => [`fleet.trackers.count=${count}`]],
  'data-gator': [
    'scenarios/data-gators.yaml',
    (count) => [`fleet.gators.count=${count}`, `fleet.gators.gateways=${count / 20}`, 'rollouts[0].firmwareImage.gatewaysPerMinute=6000'],
  ],
  upparat: [
    'scenarios/upparat.yaml',
    (count) => [
      `fleet.kiosks.count=${count * 0.9}`,
      `fleet.panels.count=${count * 0.1}`,
      'rollouts[0].job.jobExecutionsRolloutConfig.maximumPerMinute=1000',
    ],
  ],
  'freertos-ota': [
    'scenarios/freertos-ota.yaml',
    (count) => [
      `fleet.sensors.count=${count * 0.9}`,
      `fleet.meters.count=${count * 0.1}`,
      'rollouts[0].otaUpdate.awsJobExecutionsRolloutConfig={maximumPerMinute: 1000}',
      'rollouts[1].otaUpdate.awsJobExecutionsRolloutConfig={maximumPerMinute: 1000}',
    ],
  ],
  'olt-gateway': [
    'scenarios/olt-slots.yaml',
    (count) => [
      `fleet.lights.count=${count}`,
      `fleet.lights.gateways=${count / 20}`,
      'rollouts[0].oltInstallation.perMinute=2000',
      'rollouts[1].oltInstallation.perMinute=2000',
    ],
  ],
}

/** Seconds and bytes a device of each kind, its part of the embedded cloud and its results included. Field devices count with their gateways. */
export async function benchKinds(devices) {
  const results = {}
  for (const [kind, [scenario, changes]] of Object.entries(KINDS)) {
    const run = (count) =>
      measureRun(scenario, ['--speed', 'max', '--metrics-port', '0', ...['thresholds=[]', ...changes(count)].flatMap((change) => ['--set', change])])
    const [few, many] = [await run(FEW), await run(devices)]
    results[`${kind} seconds`] = many.summary.run.wallSeconds
    results[`${kind} bytesPerDevice`] = (many.peakBytes - few.peakBytes) / (devices - FEW)
  }
  return { bench: 'kinds', devices, ...results }
}

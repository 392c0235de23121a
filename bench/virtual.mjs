import { measureRun } from './measure.mjs'

const SCENARIO = 'scenarios/million.yaml'
/** A fleet so small that its process shows what the program itself takes. */
const FEW = 100

/** Devices per second of a rollout in virtual time, and memory for each: one process, one thread. */
export async function benchVirtual(devices) {
  const few = await measureRun(SCENARIO, flags(FEW))
  const many = await measureRun(SCENARIO, flags(devices))
  const { run } = many.summary
  return {
    bench: 'virtual',
    devices,
    wallSeconds: run.wallSeconds,
    simulatedSeconds: run.simulatedSeconds,
    devicesPerSecond: devices / run.wallSeconds,
    peakBytes: many.peakBytes,
    bytesPerDevice: (many.peakBytes - few.peakBytes) / (devices - FEW),
  }
}

function flags(devices) {
  return ['--speed', 'max', '--metrics-port', '0', '--set', `fleet.trackers.count=${devices}`]
}

import { measureRun } from './measure.mjs'

const SCENARIO = 'scenarios/million.yaml'
/** A fleet so small that its process shows what the program itself takes. */
const FEW = 100
/** Of the largest fleet, for how the cost of a device grows with their number: 10,000, 100,000 and a million. */
const SHARES = [0.01, 0.1, 1]

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
    ...costOfOne(few, many, devices),
  }
}

/** What one device costs in fleets of three sizes, up to `devices`, without what the program itself takes; and how much more in the dearest than in the cheapest. */
export async function benchVirtualCurve(devices) {
  const few = await measureRun(SCENARIO, flags(FEW))
  const figures = {}
  const micros = []
  for (const size of SHARES.map((share) => Math.max(2 * FEW, Math.round(share * devices)))) {
    const many = await measureRun(SCENARIO, flags(size))
    const cost = costOfOne(few, many, size)
    figures[`${size} wallSeconds`] = many.summary.run.wallSeconds
    for (const [name, value] of Object.entries(cost)) figures[`${size} ${name}`] = value
    micros.push(cost.microsPerDevice)
  }
  return { bench: 'virtual', devices, ...figures, microsGrowth: Math.max(...micros) / Math.min(...micros) }
}

function costOfOne(few, many, devices) {
  return {
    microsPerDevice: ((many.summary.run.wallSeconds - few.summary.run.wallSeconds) / (devices - FEW)) * 1e6,
    bytesPerDevice: (many.peakBytes - few.peakBytes) / (devices - FEW),
  }
}

function flags(devices) {
  return ['--speed', 'max', '--metrics-port', '0', '--set', `fleet.trackers.count=${devices}`]
}

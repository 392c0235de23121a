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
  const rows = []
  for (const size of SHARES.map((share) => Math.max(2 * FEW, Math.round(share * devices)))) {
    const many = await measureRun(SCENARIO, flags(size))
    rows.push({ devices: size, wallSeconds: many.summary.run.wallSeconds, ...costOfOne(few, many, size) })
  }
  const micros = rows.map(({ microsPerDevice }) => microsPerDevice)
  return { bench: 'curve-virtual', rows, microsGrowth: Math.max(...micros) / Math.min(...micros) }
}

function costOfOne(few, many, devices) {
  const more = devices - FEW
  return {
    microsPerDevice: ((many.summary.run.wallSeconds - few.summary.run.wallSeconds) / more) * 1e6,
    cpuMicrosPerDevice: (many.cpuMicros - few.cpuMicros) / more,
    bytesPerDevice: (many.peakBytes - few.peakBytes) / more,
  }
}

function flags(devices) {
  return ['--speed', 'max', '--metrics-port', '0', '--set', `fleet.trackers.count=${devices}`]
}

import { ScaledClock } from '../dist/clock/scaled.js'
import { operations } from '../dist/cloud/http/operations.js'
import { startCloud } from '../dist/cloud/start.js'
import { DoorProcesses } from '../dist/run/door-processes.js'
import { allNotified, IN_FLIGHT, Load, TARGETS } from './load.mjs'
import { cpuMicrosOf } from './process-tree.mjs'

const CREDENTIALS = { accessKeyId: 'key', secretAccessKey: 'secret' }
const SECONDS = 4
const SMOKE_SECONDS = 0.5
const SMOKE_DEVICES = 1_000

/**
 * A run's cloud with its MQTT door in its own process, and with one and two doors in processes beside it: connections with four subscriptions each, and
 * jobs requests in a closed loop, QoS 1 both ways (jobs-load.mjs). Microseconds are those of the processors, per connection and per answer, of the engine's
 * process and of all doors' together.
 */
export async function benchDoors(devices) {
  const seconds = devices < SMOKE_DEVICES ? SMOKE_SECONDS : SECONDS
  const figures = { bench: 'doors', devices, inFlight: IN_FLIGHT }
  for (const doors of [0, 1, 2]) {
    const load = await loadOn(doors, devices, seconds)
    for (const [name, value] of Object.entries(load)) figures[`${doors} ${name}`] = value
  }
  return figures
}

async function loadOn(count, devices, seconds) {
  const clock = ScaledClock.waiting(1, Date.now())
  const running = await startCloud({ clock, host: '127.0.0.1', httpPort: 0, mqttPort: 0, credentials: CREDENTIALS })
  const fail = (error) => {
    throw error
  }
  const doors = await DoorProcesses.start({ running, count, clock, onLost: fail })
  const ports = count === 0 ? [running.mqttPort] : doors.addresses.map(({ port }) => port)
  try {
    clock.begin()
    doors.begin()
    await populate(running.cloud, devices)
    return await measured(ports, doors.pids, devices, seconds)
  } finally {
    await doors.close()
    clock.stop()
    await running.close()
  }
}

/** Things, and jobs that name a hundred of them each; returns when they are all notified. */
async function populate(cloud, devices) {
  const things = Array.from({ length: devices }, (_, index) => `thing-${index}`)
  cloud.registry.addFleet('fleet', things)
  const createJob = operations.find(({ name }) => name === 'CreateJob')
  for (let first = 0; first < devices; first += TARGETS) {
    const targets = things.slice(first, first + TARGETS).map((thing) => `arn:aws:iot:us-east-1:${cloud.account}:thing/${thing}`)
    const body = { targets, document: '{"operation":"install","version":"2.0.0"}' }
    createJob.run(cloud, {
      params: { jobId: `job-${first / TARGETS}` },
      query: new URLSearchParams(),
      headers: {},
      body,
      bytes: Buffer.alloc(0),
      region: 'us-east-1',
    })
  }
  await allNotified(devices)
}

/** One process of clients for each port, all in step. */
async function measured(ports, doorPids, devices, seconds) {
  const share = Math.ceil(devices / ports.length)
  const loads = ports.map((port, index) => {
    const count = Math.min(share, devices - index * share)
    return new Load('jobs', port, count, Math.ceil(IN_FLIGHT / ports.length), seconds, index * share)
  })
  const look = () => ({
    atMs: performance.now(),
    engine: cpuMicrosOf(process.pid),
    doors: doorPids.map(cpuMicrosOf).reduce((sum, cpu) => sum + cpu, 0),
  })
  const start = look()
  await Promise.all(loads.map((load) => load.reached('connected')))
  const connected = look()
  for (const load of loads) load.go()
  await Promise.all(loads.map((load) => load.reached('warm')))
  const warm = look()
  const ends = await Promise.all(loads.map((load) => load.reached('end')))
  const end = look()
  await Promise.all(loads.map((load) => load.ended))
  const answers = ends.reduce((sum, told) => sum + told.answers, 0)
  const micros = (from, to, by, of) => (to[by] - from[by]) / of
  return {
    connectionsPerSecond: (devices * 1000) / (connected.atMs - start.atMs),
    engineMicrosPerConnection: micros(start, connected, 'engine', devices),
    doorMicrosPerConnection: micros(start, connected, 'doors', devices),
    answersPerSecond: ends.reduce((sum, told) => sum + told.answers / told.seconds, 0),
    p99Ms: Math.max(...ends.map(({ p99Ms }) => p99Ms)),
    engineMicrosPerAnswer: micros(warm, end, 'engine', answers),
    doorMicrosPerAnswer: micros(warm, end, 'doors', answers),
  }
}

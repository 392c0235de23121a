import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { measureRun } from './measure.mjs'
import { processTree } from './process-tree.mjs'
import { freePort, scrape, total } from './scrape.mjs'

const FEW = 10
const LOOK_MS = 500
/** AWS tells a thousand devices a minute of a job, at most: a large fleet has several groups, each with a job. */
const GROUP_SIZE = 2000
const CONNECTS_PER_SECOND = 3000
const CONNECTED_PATTERN = /^fleetsim_device_connects_total\{.*result="ok".*\} (\S+)$/gm

/**
 * A fleet over real connections, in as many processes as its sockets need, through a whole rollout: how long it takes to connect, what is lost, and the
 * memory of all processes, once when every device is connected and at its highest. Per device: of the fleet's and the doors' processes all that they take,
 * of the engine's what it takes more than with a few devices.
 */
export async function benchFleet(devices, speed) {
  const few = await measureFleet(FEW, speed)
  const { summary, connectSeconds, looks } = await measureFleet(devices, speed)
  const { run, verdict, outcomes } = summary
  const connected = looks.find((look) => look.connected >= devices) ?? looks.at(-1)
  const engineOfFew = Math.max(...few.looks.map(({ engine }) => engine))
  return {
    bench: 'fleet',
    devices,
    wallSeconds: run.wallSeconds,
    connectSeconds,
    processes: Math.max(...looks.map(({ processes }) => processes)),
    lost: devices - outcomes.all.succeeded,
    generatorKeptUp: verdict.trusted,
    fleetBytesPerDevice: connected.fleet / devices,
    doorBytesPerDevice: connected.doors / devices,
    engineBytesPerDevice: (connected.engine - engineOfFew) / devices,
    peakBytes: Math.max(...looks.map(({ fleet, doors, engine }) => fleet + doors + engine)),
    looks: looks.map(({ seconds, connected: count, fleet, doors, engine }) => [seconds, count, mib(fleet), mib(doors), mib(engine)]),
  }
}

async function measureFleet(devices, speed) {
  const directory = mkdtempSync(join(tmpdir(), 'fleetsim-bench-'))
  const scenario = join(directory, 'fleet.yaml')
  writeFileSync(scenario, scenarioOf(devices))
  const port = await freePort()
  const looks = []
  const startedMs = performance.now()
  const look = async (pid) => {
    const text = await scrape(port)
    const connected = text === undefined ? 0 : total(text, CONNECTED_PATTERN)
    looks.push({ seconds: (performance.now() - startedMs) / 1000, connected, ...memoryOf(pid) })
  }
  try {
    const { summary } = await measureRun(scenario, ['--speed', speed, '--metrics-port', String(port)], (pid) => void look(pid), LOOK_MS)
    const first = looks.find(({ connected }) => connected > 0)
    const all = looks.find(({ connected }) => connected >= devices)
    return { summary, looks, connectSeconds: first && all ? all.seconds - first.seconds : NaN }
  } finally {
    rmSync(directory, { recursive: true })
  }
}

function memoryOf(pid) {
  const bytes = { fleet: 0, doors: 0, engine: 0, processes: 0 }
  for (const { program, bytes: resident } of processTree(pid)) {
    const part = program === 'fleet-process-program.js' ? 'fleet' : program === 'door-program.js' ? 'doors' : 'engine'
    bytes[part] += resident
    bytes.processes++
  }
  return bytes
}

/** JSON is YAML. */
function scenarioOf(devices) {
  const groups = Array.from({ length: Math.ceil(devices / GROUP_SIZE) }, (_, index) => ({
    name: `trackers-${index + 1}`,
    count: Math.min(GROUP_SIZE, devices - index * GROUP_SIZE),
  }))
  const overSec = Math.ceil(devices / CONNECTS_PER_SECOND)
  const tracker = { kind: 'tracker', firmware: '1.0.0', link: 'wifi', connect: { over: `${overSec}s` }, fragment: '32KiB' }
  return JSON.stringify({
    name: 'bench-fleet',
    seed: 1,
    time: { speed: 1, limit: '60m', drain: '30s' },
    fleet: Object.fromEntries(groups.map(({ name, count }) => [name, { ...tracker, count }])),
    images: { app: { version: '1.0.1', size: '32KiB' } },
    rollouts: groups.map(({ name }) => ({
      at: `${2 * overSec}s`,
      job: { targets: [name], image: 'app', jobExecutionsRolloutConfig: { maximumPerMinute: 1000 } },
    })),
    thresholds: ['succeeded == 100%', 'wrong_image == 0'],
  })
}

function mib(bytes) {
  return Math.round(bytes / 2 ** 20)
}

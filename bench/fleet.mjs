import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
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
/** Of the largest fleet, for how the cost of a device grows with their number. */
const SHARES = [0.01, 0.1, 0.5, 1]
const PARTS = ['fleet', 'doors', 'engine']
/** What `run/capacity.ts` counts besides devices: the files of the program itself, and HTTP connections of a worker. */
const OWN_FILES = 250
const HTTP_FILES = 128

/**
 * A fleet over real connections, in as many processes as its sockets need, through a whole rollout: how long it takes to connect, what is lost, the
 * processor time, and the memory of all processes, once when every device is connected and at its highest. `gross` is all that the processes take, `growth`
 * what they take more than as many that serve a few devices.
 */
export async function benchFleet(devices, speed) {
  const few = await measureFleet(FEW, speed)
  const many = await measureFleet(devices, speed)
  const { run, verdict } = many.summary
  return {
    bench: 'fleet',
    devices,
    wallSeconds: run.wallSeconds,
    connectSeconds: many.connectSeconds,
    processes: Math.max(...many.looks.map(({ processes }) => processes)),
    lost: many.lost,
    generatorKeptUp: verdict.trusted,
    ...Object.fromEntries(PARTS.flatMap((part) => figuresOf(part, few, many, devices))),
    peakBytes: Math.max(...many.looks.map((look) => sum(PARTS, (part) => look[part].bytes))),
    looks: many.looks.map(({ seconds, connected, fleet, doors, engine }) => [
      seconds,
      connected,
      ...[fleet, doors, engine].map(({ bytes }) => mib(bytes)),
    ]),
  }
}

/** What one device costs in fleets of several sizes, up to `devices`: fleet and cloud, without what their processes take with a few devices. */
export async function benchFleetCurve(devices, speed) {
  const few = await measureFleet(FEW, speed)
  const rows = []
  for (const size of SHARES.map((share) => Math.max(2 * FEW, Math.round(share * devices)))) {
    const many = await measureFleet(size, speed)
    rows.push({
      devices: size,
      cpuMicrosPerDevice: sum(PARTS, (part) => growthOf(part, 'cpuMicros', few, many)) / size,
      bytesPerDevice: sum(PARTS, (part) => growthOf(part, 'bytes', few, many)) / size,
      connectSeconds: many.connectSeconds,
      wallSeconds: many.summary.run.wallSeconds,
      lost: many.lost,
    })
  }
  return { bench: 'curve-sockets', rows }
}

function figuresOf(part, few, many, devices) {
  return [
    [`${part} gross bytesPerDevice`, many[part].bytes / devices],
    [`${part} growth bytesPerDevice`, growthOf(part, 'bytes', few, many) / devices],
    [`${part} cpuMicrosPerDevice`, many[part].cpuMicros / devices],
  ]
}

function growthOf(part, figure, few, many) {
  return many[part][figure] - (few[part][figure] / few[part].processes) * many[part].processes
}

/** Of each part of the program: `bytes` when all are connected, `cpuMicros` of the whole run, `processes`. */
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
    looks.push({ seconds: (performance.now() - startedMs) / 1000, connected, ...partsOf(pid) })
  }
  try {
    const flags = ['--speed', speed, '--metrics-port', String(port)]
    const { summary } = await measureRun(scenario, flags, { look: (pid) => void look(pid), lookMs: LOOK_MS, openFiles: openFilesFor(devices) })
    const first = looks.find(({ connected }) => connected > 0)
    const all = looks.find(({ connected }) => connected >= devices) ?? looks.at(-1)
    return {
      summary,
      looks,
      lost: devices - summary.outcomes.all.succeeded,
      connectSeconds: all.seconds - (first ?? all).seconds,
      ...Object.fromEntries(PARTS.map((part) => [part, { ...all[part], cpuMicros: Math.max(...looks.map((one) => one[part].cpuMicros)) }])),
    }
  } finally {
    rmSync(directory, { recursive: true })
  }
}

function partsOf(pid) {
  const tree = processTree(pid)
  const parts = Object.fromEntries(PARTS.map((part) => [part, { bytes: 0, cpuMicros: 0, processes: 0 }]))
  for (const { program, bytes, cpuMicros } of tree) {
    const part = parts[program === 'fleet-process-program.js' ? 'fleet' : program === 'door-program.js' ? 'doors' : 'engine']
    part.bytes += bytes
    part.cpuMicros += cpuMicros
    part.processes++
  }
  return { ...parts, processes: tree.length }
}

/** So few that the fleet and the doors must each have a process, however few devices there are: what they take can be told apart, in fleets of all sizes. */
function openFilesFor(devices) {
  const workers = Math.max(1, availableParallelism() - 1)
  const [, allowed = Infinity] = /^Max open files\s+\S+\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? []
  return Math.min(Number(allowed), devices + HTTP_FILES * workers + OWN_FILES)
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

function sum(list, figure) {
  return list.reduce((before, one) => before + figure(one), 0)
}

function mib(bytes) {
  return Math.round(bytes / 2 ** 20)
}

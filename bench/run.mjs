import { parseArgs } from 'node:util'
import { benchConnections } from './connections.mjs'
import { benchDoors } from './doors.mjs'
import { benchDownloads } from './downloads.mjs'
import { benchFleet, benchFleetCurve } from './fleet.mjs'
import { benchHttp } from './http.mjs'
import { benchJobs } from './jobs.mjs'
import { benchKinds } from './kinds.mjs'
import { machine } from './machine.mjs'
import { benchMetrics } from './metrics.mjs'
import { benchOtaJobs } from './ota-jobs.mjs'
import { benchPeers } from './peers.mjs'
import { benchSoak } from './soak.mjs'
import { benchSockets } from './sockets.mjs'
import { benchStart } from './start.mjs'
import { benchTls } from './tls.mjs'
import { benchVirtual, benchVirtualCurve } from './virtual.mjs'

const BENCHES = {
  virtual: { run: benchVirtual, devices: 100_000, curve: benchVirtualCurve, largest: 1_000_000 },
  sockets: { run: benchSockets, devices: 1_000 },
  connections: { run: benchConnections, devices: 10_000 },
  http: { run: benchHttp, devices: 1_000 },
  downloads: { run: benchDownloads, devices: 64 },
  'ota-jobs': { run: benchOtaJobs, devices: 1_000 },
  jobs: { run: benchJobs, devices: 1_000 },
  doors: { run: benchDoors, devices: 4_000 },
  kinds: { run: benchKinds, devices: 10_000 },
  peers: { run: benchPeers, devices: 10_000 },
  metrics: { run: benchMetrics, devices: 1_000_000 },
  start: { run: benchStart, devices: 7 },
  fleet: { run: benchFleet, devices: 20_000, curve: benchFleetCurve, largest: 100_000 },
  tls: { run: benchTls, devices: 2_000 },
  soak: { run: benchSoak, devices: 20_000, speed: '2' },
}

const { values, positionals } = parseArgs({
  options: { devices: { type: 'string' }, speed: { type: 'string' }, json: { type: 'boolean' }, curve: { type: 'boolean' } },
  allowPositionals: true,
})
const names = positionals.length > 0 ? positionals : Object.keys(BENCHES)
const unknown = names.filter((name) => !(name in BENCHES))
if (unknown.length > 0) {
  console.error(`no bench called ${unknown.join(', ')}; there are: ${Object.keys(BENCHES).join(', ')}`)
  process.exit(2)
}

const results = []
for (const name of names) {
  const { run, devices, curve = run, largest = devices, speed = '1' } = BENCHES[name]
  if (!values.json) console.log(`${name} …`)
  // --curve: in fleets of several sizes, for the benches that have one.
  const [measure, size] = values.curve ? [curve, largest] : [run, devices]
  results.push(await measure(Number(values.devices ?? size), values.speed ?? speed))
}
const report = { machine: machine(), results }
if (values.json) console.log(JSON.stringify(report, null, 2))
else print(report)

function print({ machine: { cpu, cores, memoryGiB, os, node }, results: all }) {
  console.log(`\n${cpu}, ${cores} cores, ${memoryGiB} GiB, ${os}, Node ${node}`)
  for (const { bench, rows = [], ...figures } of all) {
    console.log(`\n${bench}`)
    const ofRows = rows.flatMap(({ devices, ...row }) => Object.entries(row).map(([name, value]) => [`${devices} ${name}`, value]))
    printTable([...ofRows, ...Object.entries(figures).filter(([, value]) => !Array.isArray(value))])
  }
}

/** Lines of a name and a value. */
function printTable(lines) {
  const cells = lines.map(([name, value]) => [name, written(name, value)])
  const [names, values] = [0, 1].map((column) => Math.max(0, ...cells.map((line) => line[column].length)))
  for (const [name, value] of cells) console.log(`  ${name.padEnd(names)}  ${value.padStart(values)}`)
}

function written(name, value) {
  if (typeof value !== 'number') return String(value)
  if (name === 'peakBytes') return `${(value / 2 ** 20).toFixed(0)} MiB`
  if (name.toLowerCase().endsWith('bytesperdevice')) return `${(value / 1024).toFixed(1)} KiB`
  return value.toLocaleString('en', { maximumFractionDigits: 1 })
}

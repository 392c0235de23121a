import { once } from 'node:events'
import { performance } from 'node:perf_hooks'
import { Worker } from 'node:worker_threads'
import { Counter, Histogram, Registry } from 'prom-client'
import { Exporter } from '../dist/metrics/exporter.js'
import { Recorder } from '../dist/metrics/recorder.js'
import { Slots } from '../dist/metrics/slots.js'
import { decodeEvents } from '../dist/ports/event-codec.js'
import { KnownDevices } from '../dist/run/known-devices.js'

const WORKER_FILE = new URL('metrics-worker.mjs', import.meta.url)
const DEVICES = 10_000
const CONTEXT = {
  groups: [{ name: 'trackers', kind: 'tracker', first: 0, count: DEVICES }],
  faults: [],
  rollouts: [],
  thresholds: [],
  workers: 1,
  operations: [],
}
const ROUNDS = 7
const EVENTS_PER_SECOND = 100_000
const SECONDS = 4
const SMOKE_SECONDS = 0.5
const SCRAPE_MS = 1000
/** A run with fewer samples is a smoke test. */
const SMOKE_SAMPLES = 100_000

/**
 * What a sample costs the thread that records it, beside prom-client in the same run; and how busy the main thread is with 100,000 events a second
 * of a worker: adding up what it counted, at a scrape a second, and taking the events themselves, as a run does.
 */
export async function benchMetrics(samples) {
  const recorder = new Recorder(new Slots(CONTEXT).allocate(), CONTEXT)
  const connected = { type: 'connected', at: 1, device: 0, ms: 810 }
  recorder.event(connected)
  const prom = promClient()
  const eventNs = cpuNs(samples, () => recorder.event(connected))
  const nanoseconds = {
    eventNs,
    // A connection is counted, timed in a histogram, and changes the state of its device.
    sampleOfEventNs: eventNs / 2,
    sampleOfTrafficNs: cpuNs(samples, () => recorder.mqtt('in', 200)) / 2,
    promCounterNs: cpuNs(samples, () => prom.counter.inc(prom.labels)),
    promHistogramNs: cpuNs(samples, () => prom.histogram.observe(prom.labels, 0.81)),
  }
  const seconds = samples < SMOKE_SAMPLES ? SMOKE_SECONDS : SECONDS
  return {
    bench: 'metrics',
    samples,
    ...nanoseconds,
    promOfEvent: (nanoseconds.promCounterNs + nanoseconds.promHistogramNs) / eventNs,
    eventsPerSecond: EVENTS_PER_SECOND,
    'main thread idle %': 100 * (await utilization('idle', seconds)),
    'main thread, counted by the worker %': 100 * (await utilization('count', seconds)),
    'main thread, events taken %': 100 * (await utilization('send', seconds)),
  }
}

function promClient() {
  const registers = [new Registry()]
  const labelNames = ['group', 'result']
  const counter = new Counter({ name: 'counter', help: 'counter', labelNames, registers })
  const histogram = new Histogram({
    name: 'histogram',
    help: 'histogram',
    labelNames,
    registers,
    buckets: Array.from({ length: 15 }, (_, at) => 2 ** at / 100),
  })
  return { counter, histogram, labels: { group: 'trackers', result: 'ok' } }
}

/** Processor time, the best of some rounds. */
function cpuNs(samples, record) {
  let best = Infinity
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.cpuUsage()
    for (let sample = 0; sample < samples; sample++) record()
    const { user, system } = process.cpuUsage(before)
    best = Math.min(best, ((user + system) * 1000) / samples)
  }
  return best
}

/** Share of its time that this thread's event loop is busy while a worker has EVENTS_PER_SECOND. `mode`: what the worker does with each of them. */
async function utilization(mode, seconds) {
  const exporter = new Exporter(CONTEXT, { runId: 'bench', scenario: 'bench', seed: 1, version: '0' })
  const buffer = new Slots(CONTEXT).allocate()
  exporter.addSource(buffer)
  const known = new KnownDevices()
  let taken = 0
  const worker = new Worker(WORKER_FILE, { workerData: { mode, buffer, context: CONTEXT, eventsPerSecond: EVENTS_PER_SECOND } })
  worker.on('message', (batch) => {
    taken += batch.events
    decodeEvents(batch, (event) => known.observe(event))
  })
  await once(worker, 'online')
  const scraping = setInterval(() => void exporter.metrics(), SCRAPE_MS)
  await wait(SMOKE_SECONDS) // until the code is compiled
  const before = performance.eventLoopUtilization()
  await wait(seconds)
  const { utilization: busy } = performance.eventLoopUtilization(before)
  clearInterval(scraping)
  await worker.terminate()
  if ((mode === 'send') !== taken > 0) throw new Error(`${taken} events came while the worker was to ${mode}`)
  return busy
}

function wait(seconds) {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000))
}

import { measureRun } from './measure.mjs'
import { freePort, scrape, total } from './scrape.mjs'

const SCENARIO = 'bench/sockets.yaml'
const FEW = 10
const SCRAPE_MS = 500

/**
 * Trackers over real connections to the embedded cloud in the same process. Rates are the highest between two looks at /metrics, half a second apart;
 * a round trip is an HTTP request of a device or an MQTT message of one that the cloud answered. Memory is that of the whole process, the cloud included.
 */
export async function benchSockets(devices, speed) {
  const few = await measureRun(SCENARIO, flags(FEW, 0, speed))
  const port = await freePort()
  const watch = watchMetrics(port)
  try {
    const many = await measureRun(SCENARIO, flags(devices, port, speed))
    const { run, verdict, timings } = many.summary
    return {
      bench: 'sockets',
      devices,
      wallSeconds: run.wallSeconds,
      connectionsPerSecond: watch.peak('connects'),
      roundTripsPerSecond: watch.peak('roundTrips'),
      connectP99Ms: timings.connect.all.p99,
      peakBytes: many.peakBytes,
      bytesPerDevice: (many.peakBytes - few.peakBytes) / (devices - FEW),
      generatorKeptUp: verdict.trusted,
    }
  } finally {
    watch.stop()
  }
}

function flags(devices, metricsPort, speed) {
  return ['--speed', speed, '--metrics-port', String(metricsPort), '--set', `fleet.trackers.count=${devices}`]
}

function watchMetrics(port) {
  const looks = []
  const look = async () => {
    const text = await scrape(port)
    if (text === undefined) return
    const atMs = performance.now()
    const connects = total(text, /^fleetsim_device_connects_total\{.*result="ok".*\} (\S+)$/gm)
    const published = total(text, /^fleetsim_mqtt_messages_total\{.*direction="out".*\} (\S+)$/gm)
    const requests = total(text, /^fleetsim_http_requests_total\{.*\} (\S+)$/gm)
    looks.push({ atMs, connects, roundTrips: published + requests })
  }
  const timer = setInterval(() => void look(), SCRAPE_MS)
  return {
    peak: (name) => Math.max(0, ...looks.slice(1).map((next, i) => ((next[name] - looks[i][name]) * 1000) / (next.atMs - looks[i].atMs))),
    stop: () => clearInterval(timer),
  }
}

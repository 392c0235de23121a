import { createServer } from 'node:net'
import { measureRun } from './measure.mjs'

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
  const watch = watchMetrics(`http://127.0.0.1:${port}/metrics`)
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

function watchMetrics(url) {
  const looks = []
  const look = async () => {
    try {
      const text = await (await fetch(url)).text()
      const atMs = performance.now()
      const connects = total(text, /^fleetsim_device_connects_total\{.*result="ok".*\} (\S+)$/gm)
      const published = total(text, /^fleetsim_mqtt_messages_total\{.*direction="out".*\} (\S+)$/gm)
      const requests = total(text, /^fleetsim_http_requests_total\{.*\} (\S+)$/gm)
      looks.push({ atMs, connects, roundTrips: published + requests })
    } catch {
      // The run has not opened its port yet, or has ended.
    }
  }
  const timer = setInterval(() => void look(), SCRAPE_MS)
  return {
    peak: (name) => Math.max(0, ...looks.slice(1).map((next, i) => ((next[name] - looks[i][name]) * 1000) / (next.atMs - looks[i].atMs))),
    stop: () => clearInterval(timer),
  }
}

function total(text, pattern) {
  return [...text.matchAll(pattern)].reduce((sum, [, value]) => sum + Number(value), 0)
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address()
  await new Promise((resolve) => server.close(resolve))
  return port
}

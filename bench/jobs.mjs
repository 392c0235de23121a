import { setTimeout as wait } from 'node:timers/promises'
import { Pool } from 'undici'
import { allNotified, IN_FLIGHT, Load, TARGETS } from './load.mjs'
import { startMosquitto } from './mosquitto.mjs'
import { cpuMicrosOf, residentBytesOf } from './process-tree.mjs'
import { serveCloud } from './serve.mjs'
import { REGION, signed } from './signed.mjs'

const SECONDS = 5
const SMOKE_SECONDS = 0.5
const SMOKE_DEVICES = 100
const HTTP_CONNECTIONS = 16
/** Between connections and requests, so that neither is measured with the other. */
const REST_MS = 200

/**
 * Jobs requests a second that one MQTT door of `fleetsim cloud` answers, QoS 1 both ways, in a closed loop: each device asks StartNext, then updates its
 * execution three times with an expected version, status details and a step timeout, and again; every answer must be `accepted`. Beside it mosquitto
 * sends messages of the same sizes back to who published them. Memory is that of the cloud per device with a thing, an execution, a shadow and a
 * connection with four subscriptions, as the process has grown from empty to connected.
 */
export async function benchJobs(devices) {
  const seconds = devices < SMOKE_DEVICES ? SMOKE_SECONDS : SECONDS
  const cloud = await serveCloud()
  let figures
  try {
    const emptyBytes = residentBytesOf(cloud.pid)
    await populate(cloud.url, devices)
    const populatedBytes = residentBytesOf(cloud.pid)
    const { connectedBytes, ...load } = await loadOn('jobs', { port: cloud.mqttPort, pid: cloud.pid }, devices, seconds)
    const memory = { populatedBytesPerDevice: (populatedBytes - emptyBytes) / devices, bytesPerDevice: (connectedBytes - emptyBytes) / devices }
    figures = { bench: 'jobs', devices, inFlight: IN_FLIGHT, ...load, ...memory }
  } finally {
    await cloud.stop()
  }
  const echo = await echoOfMosquitto(devices, seconds)
  if (!echo) return figures
  const { answersPerSecond, p99Ms, serverMicrosPerAnswer } = echo
  return {
    ...figures,
    mosquittoEchosPerSecond: answersPerSecond,
    mosquittoP99Ms: p99Ms,
    mosquittoMicrosPerEcho: serverMicrosPerAnswer,
    ofMosquitto: figures.answersPerSecond / answersPerSecond,
  }
}

/** Things, a shadow for each, and jobs that name a hundred of them each; returns when they are all notified. */
async function populate(url, devices) {
  const pool = new Pool(url, { connections: HTTP_CONNECTIONS })
  const send = async (...request) => {
    const { statusCode, body } = await pool.request(signed(url, ...request))
    const text = await body.text()
    if (statusCode !== 200) throw new Error(`${request.slice(1, 3).join(' ')} was answered with ${statusCode}: ${text}`)
  }
  let next = 0
  const worker = async () => {
    while (next < devices) {
      const thing = `thing-${next++}`
      await send('iot', 'POST', `/things/${thing}`, '{}')
      await send('iotdata', 'POST', `/things/${thing}/shadow`, '{"state":{"reported":{"version":"1.0.0","battery":87}}}')
    }
  }
  await Promise.all(Array.from({ length: HTTP_CONNECTIONS }, worker))
  for (let first = 0; first < devices; first += TARGETS) {
    const arn = (_, index) => `arn:aws:iot:${REGION}:123456789012:thing/thing-${first + index}`
    const targets = Array.from({ length: Math.min(TARGETS, devices - first) }, arn)
    await send('iot', 'PUT', `/jobs/job-${first / TARGETS}`, JSON.stringify({ targets, document: '{"operation":"install","version":"2.0.0"}' }))
  }
  await pool.close()
  await allNotified(devices)
}

/** Looks at the server's process when devices are connected, when they are warm, and in the end. */
async function loadOn(kind, { port, pid }, devices, seconds) {
  const look = () => ({ cpuMicros: cpuMicrosOf(pid), bytes: residentBytesOf(pid) })
  const start = look()
  const load = new Load(kind, port, devices, IN_FLIGHT, seconds)
  const { seconds: connectSeconds } = await load.reached('connected')
  const connected = look()
  await wait(REST_MS)
  load.go()
  await load.reached('warm')
  const warm = look()
  const told = await load.reached('end')
  const end = look()
  await load.ended
  return {
    connectionsPerSecond: devices / connectSeconds,
    serverMicrosPerConnection: (connected.cpuMicros - start.cpuMicros) / devices,
    connectedBytes: connected.bytes,
    answersPerSecond: told.answers / told.seconds,
    p50Ms: told.p50Ms,
    p99Ms: told.p99Ms,
    serverMicrosPerAnswer: (end.cpuMicros - warm.cpuMicros) / told.answers,
    clientMicrosPerAnswer: (told.clientSeconds * 1e6) / told.answers,
  }
}

/** Undefined when it isn't installed. */
async function echoOfMosquitto(devices, seconds) {
  const broker = await startMosquitto()
  if (!broker) return undefined
  try {
    return await loadOn('echo', broker, devices, seconds)
  } finally {
    await broker.stop()
  }
}

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Pool } from 'undici'
import { serveCloud } from './serve.mjs'
import { REGION, signed } from './signed.mjs'

const LOAD = fileURLToPath(new URL('jobs-load.mjs', import.meta.url))
const MOSQUITTO = '/usr/sbin/mosquitto'
/** Answers that are waited for at any time, over all devices. */
const IN_FLIGHT = 256
const SECONDS = 5
const SMOKE_SECONDS = 0.5
const SMOKE_DEVICES = 100
/** Targets that one job may name. */
const TARGETS = 100
/** At 1,000 things a minute, a job reaches its targets in so many seconds. */
const ROLLOUT_MS = 7_000
const HTTP_CONNECTIONS = 16
/** Of Linux, which `/proc` counts in. */
const TICKS_PER_SECOND = 100

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
    const emptyBytes = memoryOf(cloud.pid)
    await populate(cloud.url, devices)
    const populatedBytes = memoryOf(cloud.pid)
    const { connectedBytes, ...load } = await loadOn('jobs', cloud.mqttPort, cloud.pid, devices, seconds)
    const memory = { populatedBytesPerDevice: (populatedBytes - emptyBytes) / devices, bytesPerDevice: (connectedBytes - emptyBytes) / devices }
    figures = { bench: 'jobs', devices, inFlight: IN_FLIGHT, ...load, ...memory }
  } finally {
    await cloud.stop()
  }
  const echo = existsSync(MOSQUITTO) ? await echoOfMosquitto(devices, seconds) : undefined
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
  const rolloutMs = ROLLOUT_MS * Math.min(1, Math.min(devices, TARGETS) / TARGETS)
  await new Promise((resolve) => setTimeout(resolve, 500 + rolloutMs))
}

/** Runs the load in a process of its own, and looks at the server's when devices are connected, when they are warm, and in the end. */
async function loadOn(kind, port, pid, devices, seconds) {
  const child = spawn(process.execPath, [LOAD, kind, port, devices, IN_FLIGHT, seconds].map(String), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const looks = {}
  const exited = new Promise((resolve) => child.once('exit', resolve))
  const look = (name) => (looks[name] = { cpuSeconds: cpuOf(pid), bytes: memoryOf(pid) })
  look('start')
  child.on('message', ({ stage, ...told }) => {
    look(stage)
    Object.assign(looks[stage], told)
    if (stage === 'connected') setTimeout(() => child.send('go'), 200)
  })
  const code = await exited
  if (code !== 0) throw new Error(`the load on ${kind} ended with ${code}`)
  const { start, connected, warm, end } = looks
  return {
    connectionsPerSecond: devices / connected.seconds,
    serverMicrosPerConnection: ((connected.cpuSeconds - start.cpuSeconds) * 1e6) / devices,
    connectedBytes: connected.bytes,
    answersPerSecond: end.answers / end.seconds,
    p50Ms: end.p50Ms,
    p99Ms: end.p99Ms,
    serverMicrosPerAnswer: ((end.cpuSeconds - warm.cpuSeconds) * 1e6) / end.answers,
    clientMicrosPerAnswer: (end.clientSeconds * 1e6) / end.answers,
  }
}

async function echoOfMosquitto(devices, seconds) {
  const directory = mkdtempSync(join(tmpdir(), 'fleetsim-bench-'))
  const port = await freePort()
  const config = join(directory, 'mosquitto.conf')
  writeFileSync(config, `listener ${port} 0.0.0.0\nallow_anonymous true\nset_tcp_nodelay true\nlog_type error\n`)
  const broker = spawn(MOSQUITTO, ['-c', config], { stdio: 'ignore' })
  try {
    await new Promise((resolve) => setTimeout(resolve, 500))
    return await loadOn('echo', port, broker.pid, devices, seconds)
  } finally {
    const exited = new Promise((resolve) => broker.once('exit', resolve))
    broker.kill()
    await exited
    rmSync(directory, { recursive: true })
  }
}

/** User and system time of a process, as Linux tells it. */
function cpuOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
}

function memoryOf(pid) {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) * 1024
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address()
  await new Promise((resolve) => server.close(resolve))
  return port
}

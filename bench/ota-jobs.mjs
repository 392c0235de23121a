import { crc32 } from 'node:zlib'
import { ImageWriter } from '../dist/devices/ota/image-writer.js'
import { FleetHttpTransport } from '../dist/transport/http/fleet-http.js'
import { MqttJsTransport } from '../dist/transport/mqttjs.js'
import { PacketTransport } from '../dist/transport/packet/packet-transport.js'
import { UndiciTransport } from '../dist/transport/undici-http.js'
import { serveCloud } from './serve.mjs'
import { send } from './signed.mjs'

const IN_FLIGHT = 64
const IMAGE_BYTES = 512 * 1024
const RANGE_BYTES = 128 * 1024
/** AWS notifies 1000 things a minute for each job, and has 100 of them at a time: those of both kinds. */
const JOBS = 45
const JOB = {
  document: '{"operation":"app_fw_update","url":"${aws:iot:s3-presigned-url:https://s3.us-east-1.amazonaws.com/bench/image}"}',
  presignedUrlConfig: { roleArn: 'arn:aws:iam::123456789012:role/fleetsim', expiresInSec: 3600 },
}
const ARN = 'arn:aws:iot:us-east-1:123456789012:thing'
/** So many devices more go before, of each kind, until the code of client and cloud is compiled. */
const WARM_UP = 0.5
const QUEUED_POLL_MS = 50

/**
 * Complete OTA jobs a second against `fleetsim cloud` in a process of its own: connect, four subscriptions, eight round trips over MQTT (the job, its start, progress after each
 * range, success, shadow), 512 KiB in ranges of 128 KiB with CRC through the presigned URL of the job document, disconnect. The fleet's own transports beside MQTT.js and undici.
 */
export async function benchOtaJobs(devices) {
  const cloud = await serveCloud()
  try {
    const image = Buffer.from(Array.from({ length: IMAGE_BYTES }, (_, at) => (at * 31 + (at >> 8)) & 0xff))
    await send(cloud.url, 's3', 'PUT', '/bench')
    await send(cloud.url, 's3', 'PUT', '/bench/image', image)
    const warmUp = Math.ceil(devices * WARM_UP)
    const sides = []
    for (const [name, open] of Object.entries(TRANSPORTS)) {
      const names = Array.from({ length: warmUp + devices }, (_, index) => `${name}-${index}`)
      await createJobs(cloud.url, names)
      const side = { name, names, transports: open(cloud.mqttPort), crc: crc32(image), cloud }
      await measure({ ...side, names: names.slice(0, warmUp) })
      sides.push(side)
    }
    const results = {}
    for (const { name, names, ...side } of sides) {
      results[name] = await measure({ ...side, names: names.slice(warmUp) })
      await Promise.all([side.transports.http.close(), side.transports.mqtt.close()])
    }
    const figures = Object.entries(results).flatMap(([name, measured]) =>
      Object.entries(measured).map(([figure, value]) => [`${name} ${figure}`, value]),
    )
    const ofPeers = results.fleet.clientMillis / results.peers.clientMillis
    return { bench: 'ota-jobs', devices, inFlight: IN_FLIGHT, ...Object.fromEntries(figures), 'fleet clientOfPeers': ofPeers }
  } finally {
    await cloud.stop()
  }
}

const TRANSPORTS = {
  fleet: (port) => ({ mqtt: new PacketTransport(() => ({ host: '127.0.0.1', port })), http: new FleetHttpTransport((url) => url) }),
  peers: (port) => ({ mqtt: new MqttJsTransport(() => ({ host: '127.0.0.1', port })), http: new UndiciTransport((url) => url) }),
}

/** Returns once every thing has its execution. */
async function createJobs(url, names) {
  const waiting = [...names]
  const worker = async () => {
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) await send(url, 'iot', 'POST', `/things/${name}`, '{}')
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker))
  const targetsOf = (at) => names.filter((_, index) => index % JOBS === at).map((name) => `${ARN}/${name}`)
  const jobs = Array.from({ length: Math.min(JOBS, names.length) }, (_, at) => ({ path: `/jobs/${names[at]}`, targets: targetsOf(at) }))
  for (const { path, targets } of jobs) await send(url, 'iot', 'PUT', path, JSON.stringify({ ...JOB, targets }))
  for (const { path, targets } of jobs) await queued(url, path, targets.length)
}

async function queued(url, path, executions) {
  for (;;) {
    const { job } = await (await send(url, 'iot', 'GET', path)).json()
    if (job.jobProcessDetails.numberOfQueuedThings === executions) return
    await new Promise((resolve) => setTimeout(resolve, QUEUED_POLL_MS))
  }
}

async function measure({ transports, names, crc, cloud }) {
  const waiting = [...names]
  const cloudBefore = await cloud.cpuSeconds()
  const cpuBefore = process.cpuUsage()
  const startedMs = performance.now()
  const worker = async () => {
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) await update(transports, name, crc)
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker))
  const tookSeconds = (performance.now() - startedMs) / 1000
  const { user, system } = process.cpuUsage(cpuBefore)
  const cloudMillis = ((await cloud.cpuSeconds()) - cloudBefore) * 1e3
  return {
    jobsPerSecond: names.length / tookSeconds,
    megabytesPerSecond: (names.length * IMAGE_BYTES) / tookSeconds / 1e6,
    clientMillis: (user + system) / 1e3 / names.length,
    cloudMillis: cloudMillis / names.length,
  }
}

/** One device's update, from its connection to its disconnection. Throws when anything is not answered as it should be. */
async function update({ mqtt, http }, name, crc) {
  const things = `$aws/things/${name}`
  const device = await Device.connect(mqtt, name)
  await device.subscribe([
    `${things}/jobs/notify-next`,
    `${things}/jobs/start-next/+`,
    `${things}/jobs/+/update/+`,
    `${things}/shadow/update/accepted`,
  ])
  await device.ask(`${things}/jobs/$next/get`, '{}')
  const { execution } = await device.ask(`${things}/jobs/start-next`, '{}')
  const progress = (details) => device.ask(`${things}/jobs/${execution.jobId}/update`, JSON.stringify(details))
  const image = new ImageWriter()
  for (let from = 0; from < IMAGE_BYTES; from += RANGE_BYTES) {
    image.write(await rangeOf(http, execution.jobDocument.url, from))
    await progress({ status: 'IN_PROGRESS', statusDetails: { bytes: String(image.bytes) } })
  }
  if (image.crc32 !== crc) throw new Error(`${name} has an image with the checksum ${image.crc32}`)
  await progress({ status: 'SUCCEEDED' })
  await device.ask(`${things}/shadow/update`, '{"state":{"reported":{"version":"2"}}}')
  device.connection.disconnect()
}

function rangeOf(http, url, from) {
  return new Promise((resolve, reject) => {
    const headers = { range: `bytes=${from}-${from + RANGE_BYTES - 1}` }
    const onResponse = ({ status, body }) => (status === 206 ? resolve(body) : reject(new Error(`a range was answered with ${status}`)))
    http.request({ url, headers }, { onResponse, onFailed: (reason) => reject(new Error(reason)) })
  })
}

/** A connection whose callbacks are promises: it does one thing at a time. */
class Device {
  connection
  #topic = ''
  #resolve
  #reject

  static async connect(mqtt, name) {
    const device = new Device()
    await device.#until(() => (device.connection = mqtt.connect({ clientId: name, clean: true, keepAliveSeconds: 600 }, device)))
    return device
  }

  subscribe(filters) {
    return this.#until(() => this.connection.subscribe(filters.map((filter) => ({ filter, qos: 1 }))))
  }

  ask(topic, payload) {
    this.#topic = topic
    return this.#until(() => this.connection.publish(topic, payload, 1))
  }

  onConnected() {
    this.#resolve()
  }

  onSubscribed() {
    this.#resolve()
  }

  onPublished() {}

  onMessage(topic, payload) {
    if (topic === `${this.#topic}/accepted`) this.#resolve(JSON.parse(payload))
    else if (topic === `${this.#topic}/rejected`) this.#reject(new Error(`${topic}: ${payload}`))
  }

  onClosed(reason) {
    this.#reject(new Error(`the connection ended: ${reason}`))
  }

  #until(begin) {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
      begin()
    })
  }
}

import { connect } from 'node:net'

/**
 * Devices of jobs.mjs and doors.mjs: MQTT 3.1.1 without a library, all in one process. Arguments: `jobs` or `echo`, port, devices, answers in flight,
 * seconds, number of the first device (0 when left out).
 */

const [kind, port, devices, inFlight, seconds, firstDevice = 0] = process.argv.slice(2).map((text, index) => (index === 0 ? text : Number(text)))
const CONNECTING = 128
const WARM_UP_SECONDS = Math.min(2, seconds)
const SOURCES = 8
/** Updates after each StartNext. */
const UPDATES = 3
const VERSION = Buffer.from('"versionNumber":')
const ACCEPTED = Buffer.from('/accepted')

const incoming = Buffer.allocUnsafe(65_536)

class Device {
  constructor(index, ready) {
    const thing = `thing-${index}`
    this.ready = ready
    this.partial = undefined
    this.isAnswered = this.isAcknowledged = true
    this.startedMs = 0
    this.step = 0
    this.version = 0
    const jobs = `$aws/things/${thing}/jobs`
    const filters = [`${jobs}/start-next/accepted`, `${jobs}/start-next/rejected`, `${jobs}/+/update/accepted`, `${jobs}/+/update/rejected`]
    this.startNext = publish(
      kind === 'jobs' ? `${jobs}/start-next` : `echo/${thing}/jobs`,
      '{"statusDetails":{"step":"start"},"stepTimeoutInMinutes":60}',
    )
    this.updateTopic = kind === 'jobs' ? `${jobs}/job-${Math.floor(index / 100)}/update` : `echo/${thing}/jobs`
    const subscribes = kind === 'jobs' ? filters : [`echo/${thing}/jobs`, `other/${thing}/1`, `other/${thing}/2`, `other/${thing}/3`]
    this.pendingSubacks = subscribes.length
    this.hello = Buffer.concat([packet(0x10, text('MQTT'), [4, 2, 4, 176], text(thing))])
    this.subscribes = Buffer.concat(subscribes.map((filter, id) => packet(0x82, [0, id + 1], text(filter), [1])))
    const localAddress = `127.0.0.${2 + (index % SOURCES)}`
    const onread = { buffer: incoming, callback: (length) => this.read(length) }
    this.socket = connect({ port, host: '127.0.0.1', localAddress, noDelay: true, onread })
    this.socket.on('connect', () => this.socket.write(this.hello))
    this.socket.on('error', fail)
    this.socket.on('close', () => fail(new Error(`${thing} lost its connection`)))
  }

  ask() {
    this.isAnswered = this.isAcknowledged = false
    this.startedMs = performance.now()
    if (this.step === 0) return this.socket.write(this.startNext)
    const details = `{"status":"IN_PROGRESS","statusDetails":{"progress":"${this.step}"},"expectedVersion":${this.version},"stepTimeoutInMinutes":60}`
    this.socket.write(publish(this.updateTopic, details))
  }

  read(length) {
    const bytes = this.partial ? Buffer.concat([this.partial, incoming.subarray(0, length)]) : incoming.subarray(0, length)
    let at = 0
    while (bytes.length - at >= 2) {
      let remaining = 0
      let shift = 0
      let from = at + 1
      let byte
      do {
        byte = bytes[from++]
        remaining |= (byte & 127) << shift
        shift += 7
      } while (byte >= 128 && from < bytes.length)
      if (byte >= 128 || bytes.length - from < remaining) break
      this.receive(bytes[at], bytes, from, from + remaining)
      at = from + remaining
    }
    this.partial = at < bytes.length ? Buffer.from(bytes.subarray(at)) : undefined
    return true
  }

  receive(header, bytes, from, end) {
    switch (header >> 4) {
      case 2:
        return this.socket.write(this.subscribes)
      case 9:
        this.pendingSubacks -= 1
        if (this.pendingSubacks === 0) this.ready()
        return
      case 4:
        this.isAcknowledged = true
        return this.settle()
      case 3:
        this.answer(bytes, from, end)
        this.socket.write(Buffer.from([0x40, 2, bytes[from + 2 + bytes.readUInt16BE(from)], bytes[from + 3 + bytes.readUInt16BE(from)]]))
        this.isAnswered = true
        return this.settle()
    }
  }

  answer(bytes, from, end) {
    if (kind === 'echo') return
    const topicEnd = from + 2 + bytes.readUInt16BE(from)
    if (bytes.compare(ACCEPTED, 0, ACCEPTED.length, topicEnd - ACCEPTED.length, topicEnd) !== 0)
      fail(new Error(bytes.toString('utf8', from + 2, end)))
    const at = this.step === 0 ? bytes.indexOf(VERSION, topicEnd) : -1
    if (at >= 0) this.version = Number.parseInt(bytes.latin1Slice(at + VERSION.length, at + VERSION.length + 10), 10)
    else this.version += 1
  }

  settle() {
    if (!this.isAnswered || !this.isAcknowledged) return
    this.step = (this.step + 1) % (UPDATES + 1)
    answered(this)
  }
}

function publish(topic, payload) {
  return packet(0x32, text(topic), [0, 1], Buffer.from(payload))
}

function text(value) {
  const bytes = Buffer.from(value)
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes])
}

function packet(header, ...parts) {
  const body = Buffer.concat(parts.map((part) => Buffer.from(part)))
  const length = body.length < 128 ? [body.length] : [(body.length & 127) | 128, body.length >> 7]
  return Buffer.concat([Buffer.from([header, ...length]), body])
}

function fail(error) {
  if (isOver) return
  console.error(error.stack)
  process.exit(1)
}

let isOver = false
let isMeasuring = false
let answers = 0
const tookMs = []
/** Devices that wait for their turn, as a ring. */
const idle = []
let nextIdle = 0

function answered(device) {
  if (isMeasuring) {
    answers += 1
    tookMs.push(performance.now() - device.startedMs)
  }
  idle.push(device)
  if (!isOver) idle[nextIdle++].ask()
}

function connectAll() {
  return new Promise((resolve) => {
    let started = 0
    let ready = 0
    const next = () => {
      if (started === devices) return
      const device = new Device(firstDevice + started++, () => {
        idle.push(device)
        ready += 1
        if (ready === devices) resolve()
        else next()
      })
    }
    for (let i = 0; i < CONNECTING; i++) next()
  })
}

const later = (waitSeconds) => new Promise((resolve) => setTimeout(resolve, waitSeconds * 1000))

const connectStartedMs = performance.now()
await connectAll()
process.send({ stage: 'connected', seconds: (performance.now() - connectStartedMs) / 1000 })
await new Promise((resolve) => process.once('message', resolve))
const first = Math.min(inFlight, devices)
nextIdle = first
for (let i = 0; i < first; i++) idle[i].ask()
await later(WARM_UP_SECONDS)
process.send({ stage: 'warm' })
isMeasuring = true
const startedMs = performance.now()
const startedCpu = process.cpuUsage()
await later(seconds)
isMeasuring = false
isOver = true
const cpu = process.cpuUsage(startedCpu)
tookMs.sort((a, b) => a - b)
const quantile = (share) => tookMs[Math.floor(tookMs.length * share)]
const clientSeconds = (cpu.user + cpu.system) / 1e6
const end = { stage: 'end', seconds: (performance.now() - startedMs) / 1000, answers, clientSeconds, p50Ms: quantile(0.5), p99Ms: quantile(0.99) }
process.send(end, () => process.exit(0))

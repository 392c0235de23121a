import { EXECUTION_STATUSES, isOfDevice, PHASES } from '../ports/events.ts'
import type { DeviceEvent, Event, ExecutionStatus } from '../ports/events.ts'
import { METRICS } from './catalogue.ts'
import { DEVICE_STATES, FAILURE_STAGES, HARMS, HTTP_RESULTS, fault } from './labels.ts'
import type { DeviceState, MetricsContext } from './labels.ts'
import { reasonIndex } from './reasons.ts'
import { Slots, observe } from './slots.ts'

/** What is remembered of a device, one bit each. */
const BOOTED = 1
const CONNECTED = 2
const UPDATING = 4
const BRICKED = 8
/** Learned of an update and has not reported how it ended. */
const REPORT_DUE = 16
const SETTLED = 32
/** The bytes that were flashed last are not those of the image. */
const WRONG_BYTES = 64
const ROLLED_BACK = 128
const WRONG_IMAGE = 256
const HURT = BRICKED | ROLLED_BACK | WRONG_IMAGE

const OK = 0
const FAILED = 1
const RIGHT = 0
const WRONG = 1
const UNKNOWN = 2
const IN = 0
const OUT = 1

const STAGE = Object.fromEntries(FAILURE_STAGES.map((name, index) => [name, index])) as Record<(typeof FAILURE_STAGES)[number], number>
const HARM = Object.fromEntries(HARMS.map((name, index) => [name, index])) as Record<(typeof HARMS)[number], number>
const STATUS = Object.fromEntries(EXECUTION_STATUSES.map((name, index) => [name, index])) as Record<ExecutionStatus, number>
const PHASE = Object.fromEntries(PHASES.map((name, index) => [name, index]))

/** The state (an index in DEVICE_STATES) for each combination of the four lowest bits. */
const STATE_OF = Uint8Array.from({ length: 16 }, (_, bits) => DEVICE_STATES.indexOf(state(bits)))
const STATE_BITS = STATE_OF.length - 1
const STARTING = DEVICE_STATES.indexOf('starting')

/**
 * Folds events into the slots of one buffer: plain additions by a single writer, a few ns a sample (performance.md section 6).
 * One in each worker; in the virtual world one for all.
 */
export class Recorder {
  private readonly slots: Float64Array
  private readonly blocks: Slots['blocks']
  /** Of each device, its group's index in `context.groups`. */
  private readonly groups: Uint16Array
  /** By index of the fault in the scenario: its series. */
  private readonly faults: readonly number[]
  /** CRC-32s of the published images of each version: one for each kind of device that it was built for. */
  private readonly images = new Map<string, Set<number>>()
  /** Of the whole fleet, whatever share of it this recorder sees: pages that nobody touches cost nothing. */
  private readonly flags: Uint16Array
  private readonly pickedUpAt: Float64Array

  constructor(buffer: SharedArrayBuffer, context: MetricsContext) {
    const layout = new Slots(context)
    const devices = context.groups.reduce((sum, { count }) => sum + count, 0)
    const kinds = fault.values(context)
    this.slots = layout.view(buffer)
    this.blocks = layout.blocks
    this.groups = groupIndexes(context, devices)
    this.faults = context.faults.map((kind) => kinds.indexOf(kind))
    this.flags = new Uint16Array(devices)
    this.pickedUpAt = new Float64Array(devices)
  }

  /** Of a RunEvent only `image-uploaded` matters here: it tells which bytes are right. */
  event(event: Event): void {
    if (isOfDevice(event)) this.device(event, this.groups[event.device]!)
    else if (event.type === 'image-uploaded') this.images.set(event.version, new Set([...(this.images.get(event.version) ?? []), event.crc32]))
  }

  /** A message of a device, `in` being towards it. */
  mqtt(direction: 'in' | 'out', bytes: number): void {
    const way = direction === 'in' ? IN : OUT
    this.slots[this.blocks.mqttMessages.at(way)]!++
    this.slots[this.blocks.mqttBytes.at(way)]! += bytes
  }

  /** A request of a device. `result` is the HTTP status, or a word such as `reset` or `timeout`. */
  http(result: string, bytes: number): void {
    this.slots[this.blocks.httpRequests.at(httpResult(result))]!++
    this.slots[this.blocks.httpBytes.base]! += bytes
  }

  private device(event: DeviceEvent, group: number): void {
    const { slots, blocks } = this
    switch (event.type) {
      case 'booted':
        slots[blocks.boots.at(group)]!++
        return this.change(event.device, group, BOOTED, CONNECTED)
      case 'connected':
        slots[blocks.connects.at(group, OK)]!++
        observe(slots, blocks.connectDuration.at(group), METRICS.connectDuration.buckets, event.ms / 1000)
        return this.change(event.device, group, BOOTED | CONNECTED, 0)
      case 'connect-failed':
        slots[blocks.connects.at(group, FAILED)]!++
        return this.failed(group, STAGE.connect, event.reason)
      case 'disconnected':
        slots[blocks.disconnects.at(group)]!++
        return this.change(event.device, group, 0, CONNECTED)
      case 'picked-up':
        slots[blocks.updates.at(group)]!++
        this.pickedUpAt[event.device] = event.at
        if (event.ms !== undefined) observe(slots, blocks.pickupDuration.at(group), METRICS.pickupDuration.buckets, event.ms / 1000)
        return this.change(event.device, group, BOOTED | UPDATING | REPORT_DUE, SETTLED)
      case 'phase':
        slots[blocks.phases.at(group, PHASE[event.phase])]!++
        return
      case 'downloaded':
        slots[blocks.downloads.at(group, OK)]!++
        slots[blocks.downloadBytes.at(group)]! += event.bytes
        slots[blocks.downloadRetries.at(group)]! += event.retries
        return observe(slots, blocks.downloadDuration.at(group), METRICS.downloadDuration.buckets, event.ms / 1000)
      case 'download-failed':
        slots[blocks.downloads.at(group, FAILED)]!++
        slots[blocks.downloadBytes.at(group)]! += event.bytes
        return this.failed(group, STAGE.download, event.reason)
      case 'flashed': {
        const image = this.compare(event.version, event.crc32)
        slots[blocks.flashed.at(group, image)]!++
        return image === WRONG ? this.change(event.device, group, WRONG_BYTES, 0) : this.change(event.device, group, 0, WRONG_BYTES)
      }
      case 'reported':
        return this.reported(event, group)
      case 'running':
      case 'finding':
        return
      case 'rolled-back':
        slots[blocks.rolledBack.at(group)]!++
        return this.change(event.device, group, ROLLED_BACK, WRONG_BYTES)
      case 'bricked':
        slots[blocks.bricked.at(group)]!++
        this.failed(group, STAGE.brick, event.reason)
        return this.change(event.device, group, BRICKED, CONNECTED)
      case 'fault':
        slots[blocks.faults.at(this.faults[event.fault])]!++
        return
      case 'settled':
        return this.change(event.device, group, SETTLED, UPDATING)
    }
  }

  private reported(event: DeviceEvent & { type: 'reported' }, group: number): void {
    this.slots[this.blocks.reports.at(group, STATUS[event.status], event.accepted ? 0 : 1)]!++
    if (event.status === 'FAILED' || event.status === 'REJECTED' || event.status === 'TIMED_OUT') this.failed(group, STAGE.report, event.reason)
    const flags = this.flags[event.device]!
    if (!event.accepted || event.status === 'QUEUED' || event.status === 'IN_PROGRESS') return
    if (event.status === 'SUCCEEDED' && flags & WRONG_BYTES) this.change(event.device, group, WRONG_IMAGE, 0)
    if (!(flags & REPORT_DUE)) return
    this.change(event.device, group, 0, REPORT_DUE)
    const seconds = (event.at - this.pickedUpAt[event.device]!) / 1000
    observe(this.slots, this.blocks.jobDuration.at(group), METRICS.jobDuration.buckets, seconds)
  }

  private failed(group: number, stage: number, reason: string | undefined): void {
    this.slots[this.blocks.deviceFailures.at(group, stage, reasonIndex(reason))]!++
  }

  private compare(version: string, crc32: number): number {
    const expected = this.images.get(version)
    return expected === undefined ? UNKNOWN : expected.has(crc32) ? RIGHT : WRONG
  }

  /** Sets and clears bits of a device, and moves it from gauge to gauge. `starting` is what the exporter finds left of the group. */
  private change(device: number, group: number, set: number, clear: number): void {
    const before = this.flags[device]!
    const after = (before | set) & ~clear
    if (after === before) return
    this.flags[device] = after
    const { slots, blocks } = this
    const from = STATE_OF[before & STATE_BITS]!
    const to = STATE_OF[after & STATE_BITS]!
    if (from !== to) {
      if (from !== STARTING) slots[blocks.devices.at(group, from)]!--
      if (to !== STARTING) slots[blocks.devices.at(group, to)]!++
    }
    const changed = before ^ after
    if (changed & SETTLED) slots[blocks.settledDevices.at(group)]! += after & SETTLED ? 1 : -1
    if (changed & BRICKED) slots[blocks.harms.at(group, HARM.bricked)]!++
    if (changed & ROLLED_BACK) slots[blocks.harms.at(group, HARM.rolled_back)]!++
    if (changed & WRONG_IMAGE) slots[blocks.harms.at(group, HARM.wrong_image)]!++
    if (changed & HURT && !(before & HURT)) slots[blocks.hurtDevices.at(group)]!++
  }
}

function state(bits: number): DeviceState {
  if (bits & BRICKED) return 'bricked'
  if (!(bits & BOOTED)) return 'starting'
  if (bits & UPDATING) return 'updating'
  return bits & CONNECTED ? 'connected' : 'disconnected'
}

/** By index of a device, its group's; groups follow one another without gaps. */
function groupIndexes({ groups }: MetricsContext, devices: number): Uint16Array {
  const indexes = new Uint16Array(devices)
  let first = 0
  for (const [index, { count }] of groups.entries()) {
    indexes.fill(index, first, first + count)
    first += count
  }
  return indexes
}

/** By status or word. */
const HTTP_INDEXES = new Map<string, number>(HTTP_RESULTS.map((result, index) => [result, index]))
for (let status = 200; status < 600; status++)
  HTTP_INDEXES.set(
    String(status),
    HTTP_RESULTS.findIndex((result) => result === `${String(status)[0]}xx`),
  )

function httpResult(result: string): number {
  return HTTP_INDEXES.get(result) ?? HTTP_RESULTS.length - 1
}

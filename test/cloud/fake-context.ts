import type { Clock, Wakeable } from '../../src/ports/clock.ts'
import type { Payload } from '../../src/ports/mqtt.ts'
import type { Cloud } from '../../src/cloud/cloud.ts'
import type { Bus, CloudContext, EventsView, ObjectsView, RegistryChange, RegistryView } from '../../src/cloud/context.ts'
import type { Limits } from '../../src/cloud/limits/limits.ts'
import type { Store } from '../../src/cloud/store/store.ts'
import { type Operation, RawAnswer } from '../../src/cloud/http/operation.ts'
import { JobTemplates } from '../../src/cloud/job-templates/job-template.ts'
import { jobTemplatesOperations } from '../../src/cloud/job-templates/operations.ts'
import { JobsEngine } from '../../src/cloud/jobs/engine.ts'
import { jobsDataOperations } from '../../src/cloud/jobs-data/operations.ts'
import { jobsRequest } from '../../src/cloud/jobs-data/mqtt.ts'
import { jobsOperations } from '../../src/cloud/jobs/operations.ts'

/** A cloud for tests of the jobs services: virtual time, a registry of names, a bus that remembers, objects that are signed by the second. */

export const START_MS = 1_700_000_000_000
export const ACCOUNT = '123456789012'
export const REGION = 'eu-west-1'

/** Wakes in order of time, then of asking. Time moves only by `run`. */
export class FakeClock implements Clock {
  #nowMs: number
  #waits: { atMs: number; target: Wakeable; token: number }[] = []
  /** Wakes so far. */
  wakes = 0

  constructor(nowMs = START_MS) {
    this.#nowMs = nowMs
  }

  now(): number {
    return this.#nowMs
  }

  wake(atMs: number, target: Wakeable, token: number): void {
    const at = this.#waits.findIndex((wait) => wait.atMs > atMs)
    this.#waits.splice(at === -1 ? this.#waits.length : at, 0, { atMs, target, token })
  }

  /** Lets time pass; what was due wakes on time. */
  run(ms: number): void {
    this.#wakeUntil(this.#nowMs + ms, (atMs) => Math.max(atMs, this.#nowMs))
  }

  /** Lets time pass in one jump, as on a busy machine: what was due in between wakes late. */
  jump(ms: number): void {
    this.#nowMs += ms
    this.#wakeUntil(this.#nowMs, () => this.#nowMs)
  }

  #wakeUntil(endMs: number, nowAt: (atMs: number) => number): void {
    while (this.#waits.length > 0 && this.#waits[0]!.atMs <= endMs) {
      const { atMs, target, token } = this.#waits.shift()!
      this.#nowMs = nowAt(atMs)
      this.wakes++
      target.wake(token)
    }
    this.#nowMs = endMs
  }
}

/** Groups by name; a child group is one whose parent is set. */
class FakeRegistry implements RegistryView {
  readonly things = new Set<string>()
  readonly groups = new Map<string, { parent: string | undefined; things: Set<string> }>()
  readonly tags: [string, readonly object[]][] = []
  #listeners: ((change: RegistryChange) => void)[] = []

  hasThing(thing: string): boolean {
    return this.things.has(thing)
  }

  hasGroup(group: string): boolean {
    return this.groups.has(group)
  }

  *thingsIn(group: string): Iterable<string> {
    const seen = new Set<string>()
    for (const [name, { things }] of this.groups) if (this.#isWithin(name, group)) for (const thing of things) seen.add(thing)
    yield* seen
  }

  isMember(thing: string, group: string): boolean {
    for (const [name, { things }] of this.groups) if (things.has(thing) && this.#isWithin(name, group)) return true
    return false
  }

  onChange(listener: (change: RegistryChange) => void): void {
    this.#listeners.push(listener)
  }

  addGroup(name: string, things: Iterable<string> = [], parent?: string): void {
    this.groups.set(name, { parent, things: new Set(things) })
    for (const thing of things) this.things.add(thing)
  }

  join(thing: string, group: string): void {
    this.things.add(thing)
    this.groups.get(group)!.things.add(thing)
    this.#tell({ type: 'joined', thing, group })
  }

  leave(thing: string, group: string): void {
    this.groups.get(group)!.things.delete(thing)
    this.#tell({ type: 'left', thing, group })
  }

  delete(thing: string): void {
    this.things.delete(thing)
    for (const { things } of this.groups.values()) things.delete(thing)
    this.#tell({ type: 'deleted', thing })
  }

  tag(resourceArn: string, tags: readonly object[]): void {
    this.tags.push([resourceArn, tags])
  }

  dropTags(resourceArn: string): void {
    this.tags.splice(0, this.tags.length, ...this.tags.filter(([arn]) => arn !== resourceArn))
  }

  #isWithin(group: string, ancestor: string): boolean {
    for (let name: string | undefined = group; name !== undefined; name = this.groups.get(name)?.parent) if (name === ancestor) return true
    return false
  }

  #tell(change: RegistryChange): void {
    for (const listener of this.#listeners) listener(change)
  }
}

class FakeBus implements Bus {
  readonly published: { topic: string; payload: string }[] = []
  isWanted: (topic: string) => boolean = () => true
  onPublish: (topic: string) => void = () => undefined

  wanted(topic: string): boolean {
    return this.isWanted(topic)
  }

  publish(topic: string, payload: Payload): void {
    this.published.push({ topic, payload: String(payload) })
    this.onPublish(topic)
  }

  /** What was published since the last call, parsed, without the timestamp; topics without `$aws/things/`. */
  take(): { topic: string; [member: string]: unknown }[] {
    return this.published.splice(0).map(({ topic, payload }) => {
      const { timestamp: _timestamp, ...members } = JSON.parse(payload)
      return { topic: topic.replace('$aws/things/', ''), ...members }
    })
  }
}

class FakeObjects implements ObjectsView {
  readonly stored = new Map<string, string>()
  signed = 0
  readonly #clock: Clock

  constructor(clock: Clock) {
    this.#clock = clock
  }

  presign(s3Url: string, expiresInSec: number): string {
    this.signed++
    const { pathname, search } = new URL(s3Url)
    return `http://s3.test${pathname}${search === '' ? '?' : `${search}&`}X-Amz-Date=${Math.floor(this.#clock.now() / 1000)}&X-Amz-Expires=${expiresInSec}`
  }

  read(s3Url: string): Uint8Array | undefined {
    const text = this.stored.get(s3Url)
    return text === undefined ? undefined : Buffer.from(text)
  }
}

/** All events are off, or on. */
class FakeEvents implements EventsView {
  isOn = false
  readonly #bus: FakeBus
  constructor(bus: FakeBus) {
    this.#bus = bus
  }

  isWanted(): boolean {
    return this.isOn
  }

  publish(_type: unknown, topic: string, members: object): void {
    this.#bus.publish(topic, JSON.stringify(members))
  }
}

export class FakeCloud implements CloudContext {
  readonly clock: FakeClock
  readonly account = ACCOUNT
  readonly registry = new FakeRegistry()
  readonly bus = new FakeBus()
  readonly objects: FakeObjects
  readonly events = new FakeEvents(this.bus)
  readonly store: Store | undefined
  readonly jobs: JobsEngine
  readonly jobTemplates: JobTemplates
  limits: Limits | undefined = undefined

  /** With a store that another cloud wrote, it begins where that one was, at `nowMs`. */
  constructor({ store, nowMs }: { store?: Store; nowMs?: number } = {}) {
    this.store = store
    this.clock = new FakeClock(nowMs)
    this.objects = new FakeObjects(this.clock)
    this.jobs = new JobsEngine(this)
    this.jobTemplates = new JobTemplates(this)
  }

  /** A control operation by AWS's name. `params` are the labels of its path. */
  iot(name: string, params: Record<string, string>, options: CallOptions = {}): any {
    return this.#call([...jobsOperations, ...jobTemplatesOperations], name, params, options)
  }

  /** A device operation over HTTPS. */
  data(name: string, params: Record<string, string>, options: CallOptions = {}): any {
    return this.#call(jobsDataOperations, name, params, options)
  }

  /** A device operation over MQTT: the parsed answer, with the topic's last word and the code. */
  device(thing: string, rest: string, request: object | string = {}): DeviceAnswer {
    const topic = `$aws/things/${thing}/jobs/${rest}`
    const answer = jobsRequest(this, topic, typeof request === 'string' ? request : JSON.stringify(request))
    if (!answer) throw new Error(`${topic} is no jobs request`)
    return { code: answer.code, topic: answer.topic, body: JSON.parse(answer.payload) }
  }

  /** CreateJob with a document, for groups or things by name. */
  createJob(jobId: string, targets: readonly string[], body: object = {}): void {
    this.iot('CreateJob', { jobId }, { body: { targets: targets.map((name) => this.targetArn(name)), document: '{"operation":"test"}', ...body } })
  }

  targetArn(name: string): string {
    return `arn:aws:iot:${REGION}:${ACCOUNT}:${this.registry.hasGroup(name) ? 'thinggroup' : 'thing'}/${name}`
  }

  job(jobId: string): any {
    return this.iot('DescribeJob', { jobId }).job
  }

  /** Counters of DescribeJob that are not 0, by the word in their name: `{ Queued: 2 }`. */
  counts(jobId: string): Record<string, number> {
    const details = Object.entries(this.job(jobId).jobProcessDetails).filter(([name, value]) => name.startsWith('numberOf') && value !== 0)
    return Object.fromEntries(details.map(([name, value]) => [/^numberOf(\w+)Things$/.exec(name)![1]!, value as number]))
  }

  #call(operations: readonly Operation[], name: string, params: Record<string, string>, { query = {}, body = {} }: CallOptions): unknown {
    const operation = operations.find((candidate) => candidate.name === name)
    if (!operation) throw new Error(`no operation ${name}`)
    const request = { params, query: new URLSearchParams(query), headers: {}, body, bytes: new Uint8Array(), region: REGION }
    const answer = operation.run(this as unknown as Cloud, request)
    if (answer instanceof RawAnswer) return JSON.parse(String(answer.body))
    return answer === undefined ? {} : JSON.parse(JSON.stringify(answer))
  }
}

interface CallOptions {
  readonly query?: Record<string, string>
  readonly body?: Record<string, unknown>
}

interface DeviceAnswer {
  readonly code: string
  readonly topic: string
  readonly body: any
}

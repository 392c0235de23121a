import type { Check } from '../ports/faults.ts'
import type { DeviceEvent, Phase } from '../ports/events.ts'
import type { HttpRequest, HttpResponse } from '../ports/http.ts'
import type { BodyStream } from './body-stream.ts'
import type { MqttConnectOptions, MqttSubscription, Payload } from '../ports/mqtt.ts'

/**
 * A program of a board. It reads like firmware: top to bottom, yielding what takes time and getting the result. A lost link or a failed
 * request is thrown into it. When power is lost it simply ends; the next boot starts a new one over the same flash.
 */
export type Firmware<T = void> = Generator<Effect, T, any>

/** What a program asks of its board, as data. The board performs it and resumes the program with the result. */
export type Effect =
  | { readonly do: 'connect'; readonly options: Omit<MqttConnectOptions, 'clientId'>; readonly timeoutMs: number }
  | { readonly do: 'disconnect' }
  | { readonly do: 'subscribe'; readonly subscriptions: readonly MqttSubscription[] }
  | { readonly do: 'unsubscribe'; readonly filters: readonly string[] }
  | { readonly do: 'publish'; readonly topic: string; readonly payload: Payload; readonly qos: 0 | 1 }
  | { readonly do: 'receive'; readonly timeoutMs: number }
  | { readonly do: 'sleep'; readonly ms: number }
  | { readonly do: 'fetch'; readonly url: string; readonly headers: Readonly<Record<string, string>>; readonly timeoutMs: number }
  | { readonly do: 'send'; readonly request: HttpRequest; readonly timeoutMs: number }
  | { readonly do: 'open'; readonly url: string; readonly headers: Readonly<Record<string, string>>; readonly timeoutMs: number }
  | { readonly do: 'read'; readonly stream: BodyStream; readonly bytes: number }
  | { readonly do: 'take-in'; readonly part: HttpResponse }
  | { readonly do: 'tell'; readonly host: string; readonly topic: string; readonly payload: string }
  | { readonly do: 'phase'; readonly phase: Phase }
  | { readonly do: 'reboot'; readonly ms: number }

/** What a program can use without waiting. */
export interface Hardware<Flash = unknown> {
  /** Thing name and client id. */
  readonly name: string
  /** Survives reboots and power loss; RAM is the program's own variables. */
  readonly flash: Flash
  /** Simulated milliseconds since the epoch, as this device has it. */
  now(): number
  /** The next number in [0, 1) of this device's own stream. */
  random(): number
  /** Records what happened; the board adds time and device. */
  emit(event: WithoutDevice<DeviceEvent>): void
  /** Why the hardware says no, or undefined when all is well. */
  refusal(check: Check): string | undefined
  /** What a boot loader's signature check finds: whether these are the bytes of an image that was published. */
  isGenuine(image: ImageRecord): boolean
  /** The version that is compiled into an image; undefined when nobody published it. Seeded images have no room for one, so it is known by their bytes. */
  versionIn(image: Pick<ImageRecord, 'bytes' | 'crc32'>): string | undefined
  /** The certificate or public key (PEM) that the device was made with at this path. */
  certificate(path: string): string | undefined
  /** Forgets messages that came while nobody received. */
  discardMessages(): void
  /** Serves files under `http://<name>.lan/` to the devices of the same local network. */
  serveFiles(files: ReadonlyMap<string, Uint8Array>): void
  /** Hears what devices of the same local network tell it; who serves files does already. */
  joinLan(): void
}

type WithoutDevice<E> = E extends unknown ? Omit<E, 'at' | 'device'> : never

/** An image in flash: all that is kept of its bytes. */
export interface ImageRecord {
  readonly version: string
  readonly bytes: number
  readonly crc32: number
}

export interface Message {
  readonly topic: string
  readonly payload: Payload
}

/** Thrown into a program when its MQTT connection is gone, or could not be made. */
export class LinkLost extends Error {
  override name = 'LinkLost'
  readonly reason: string
  constructor(reason: string) {
    super(`link lost: ${reason}`)
    this.reason = reason
  }
}

/** Thrown into a program when an HTTP request got no answer: `reset`, `closed`, `refused`, `timeout`, `offline`. */
export class RequestFailed extends Error {
  override name = 'RequestFailed'
  readonly reason: string
  constructor(reason: string) {
    super(`request failed: ${reason}`)
    this.reason = reason
  }
}

/** Opens the MQTT connection. Throws LinkLost when it fails or takes longer than `timeoutMs`. Returns whether a session was present. */
export function* connect(options: Omit<MqttConnectOptions, 'clientId'>, timeoutMs: number): Firmware<boolean> {
  return yield { do: 'connect', options, timeoutMs }
}

export function* disconnect(): Firmware {
  yield { do: 'disconnect' }
}

/** Returns the granted QoS of each subscription, 128 = refused. */
export function* subscribe(...subscriptions: readonly MqttSubscription[]): Firmware<readonly number[]> {
  return yield { do: 'subscribe', subscriptions }
}

/** Ends subscriptions; does not wait for an acknowledgement. */
export function* unsubscribe(...filters: readonly string[]): Firmware {
  yield { do: 'unsubscribe', filters }
}

/** Hands a message to the connection; does not wait for an acknowledgement. */
export function* publish(topic: string, payload: Payload, qos: 0 | 1): Firmware {
  yield { do: 'publish', topic, payload, qos }
}

/** The next message, or undefined when none came within `timeoutMs` (default: waits for ever; 0: one that came already). Throws LinkLost when the connection ends. */
export function* receive(timeoutMs = Infinity): Firmware<Message | undefined> {
  return yield { do: 'receive', timeoutMs }
}

/** What a program yields itself where a whole fleet waits most of its time: `receive()` without the helper, which would be kept for every device. */
export const NEXT_MESSAGE: Effect = { do: 'receive', timeoutMs: Infinity }

export function* sleep(ms: number): Firmware {
  yield { do: 'sleep', ms }
}

/** One GET. Throws RequestFailed when no answer comes within `timeoutMs`. */
export function* fetch(url: string, headers: Readonly<Record<string, string>>, timeoutMs: number): Firmware<HttpResponse> {
  return yield { do: 'fetch', url, headers, timeoutMs }
}

/** A request that brings no image: faults of a download don't meet its answer. Throws RequestFailed when no answer comes within `timeoutMs`. */
export function* send(request: HttpRequest, timeoutMs: number): Firmware<HttpResponse> {
  return yield { do: 'send', request, timeoutMs }
}

/** One GET over a connection of its own. Returns when the head of the response is there; throws RequestFailed when none comes within `timeoutMs`. */
export function* open(url: string, headers: Readonly<Record<string, string>>, timeoutMs: number): Firmware<BodyStream> {
  return yield { do: 'open', url, headers, timeoutMs }
}

/** The next `bytes` of a body; fewer at its end, then none. Throws RequestFailed when the link broke on the way: what had come of these bytes is lost. */
export function* read(stream: BodyStream, bytes: number): Firmware<Uint8Array> {
  return yield { do: 'read', stream, bytes }
}

/**
 * Part of an image that came by another way than `fetch`, as an answer to a ranged request would have it: status 206, a content-range, the bytes.
 * Returns what the device sees of it, for faults meet these bytes as they meet those of a fetch.
 */
export function* takeIn(part: HttpResponse): Firmware<HttpResponse> {
  return yield { do: 'take-in', part }
}

/** Sends a message to a device of the same local network; lost when nobody is there. */
export function* tell(host: string, topic: string, payload: string): Firmware {
  yield { do: 'tell', host, topic, payload }
}

/** Says which step of an update begins: the report times it, and faults strike there. */
export function* phase(name: Phase): Firmware {
  yield { do: 'phase', phase: name }
}

/** Ends this program; the next one starts after `ms`. */
export function* reboot(ms: number): Firmware<never> {
  yield { do: 'reboot', ms }
  throw new Error('a program went on after its reboot')
}

import { BodyStream } from '../devices/body-stream.ts'
import type { Effect } from '../devices/firmware.ts'
import { PHASES } from '../ports/events.ts'

type Check = (value: unknown) => boolean

/** AWS: of a topic name or filter. */
const MAX_TOPIC_BYTES = 256

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
const isText: Check = (value) => typeof value === 'string'
const isPayload: Check = (value) => typeof value === 'string' || value instanceof Uint8Array
const isQos: Check = (value) => value === 0 || value === 1
const isFlag: Check = (value) => typeof value === 'boolean'
/** Milliseconds; Infinity is for ever. */
const isTime: Check = (value) => typeof value === 'number' && value >= 0
const isFiniteTime: Check = (value) => isTime(value) && value !== Infinity
const isCount: Check = (value) => Number.isInteger(value) && (value as number) > 0
const isUrl: Check = (value) => typeof value === 'string' && /^https?:\/\//.test(value) && URL.canParse(value)
const isFilter: Check = (value) => typeof value === 'string' && value !== '' && Buffer.byteLength(value) <= MAX_TOPIC_BYTES && !value.includes('\0')
const isTopic: Check = (value) => isFilter(value) && !/[+#]/.test(value as string)
const isHeaders: Check = (value) => isRecord(value) && Object.values(value).every(isText)
const isMethod: Check = (value) => ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].includes(value as string)
const isPhase: Check = (value) => (PHASES as readonly unknown[]).includes(value)
const isStream: Check = (value) => value instanceof BodyStream
const shaped = (checks: Readonly<Record<string, Check>>): Check => {
  const entries = Object.entries(checks)
  return (value) => isRecord(value) && entries.every(([name, check]) => check(value[name]))
}
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value)
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.length > 0 && value.every(check)

/** What each field of an effect must be. */
const FIELDS: { readonly [Do in Effect['do']]: { readonly [Field in Exclude<keyof Extract<Effect, { do: Do }>, 'do'>]: Check } } = {
  connect: {
    options: shaped({
      clean: isFlag,
      keepAliveSeconds: isFiniteTime,
      will: optional(shaped({ topic: isTopic, payload: isPayload, qos: isQos, retain: isFlag })),
    }),
    timeoutMs: isTime,
  },
  disconnect: {},
  subscribe: { subscriptions: listOf(shaped({ filter: isFilter, qos: isQos })) },
  unsubscribe: { filters: listOf(isFilter) },
  publish: { topic: isTopic, payload: isPayload, qos: isQos },
  receive: { timeoutMs: isTime },
  sleep: { ms: isTime },
  fetch: { url: isUrl, headers: isHeaders, timeoutMs: isTime },
  send: {
    request: shaped({ url: isUrl, headers: isHeaders, method: optional(isMethod), body: optional(isText) }),
    timeoutMs: isTime,
  },
  open: { url: isUrl, headers: isHeaders, timeoutMs: isTime },
  read: { stream: isStream, bytes: isCount },
  'take-in': { part: shaped({ status: isCount, headers: isHeaders, body: (value) => value instanceof Uint8Array }) },
  tell: { host: isText, topic: isText, payload: isText },
  phase: { phase: isPhase },
  reboot: { ms: isFiniteTime },
}

/** Why the board can't perform what a program of a user yielded; undefined when it can. */
export function wrongEffect(effect: unknown): string | undefined {
  if (!isRecord(effect) || !isText(effect['do'])) return `it yielded ${nameOf(effect)}, which is no effect (yield* of the effects, not yield)`
  const fields = (FIELDS as Readonly<Record<string, Readonly<Record<string, Check>>>>)[effect['do'] as string]
  if (!fields) return `it yielded the effect ${JSON.stringify(effect['do'])}, which there is not`
  for (const name in fields) {
    if (!fields[name]!(effect[name])) return `its ${String(effect['do'])} has ${name}: ${nameOf(effect[name])}`
  }
  return undefined
}

/** A value for a message: short, whatever it is. */
export function nameOf(value: unknown): string {
  if (value === null || value === undefined || typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return value.length <= 40 ? JSON.stringify(value) : `${JSON.stringify(value.slice(0, 39))}…`
  if (typeof (value as { next?: unknown }).next === 'function') return 'a generator'
  if (typeof value === 'object') return `an ${value.constructor?.name || 'object'}`.replace(/^an (?=[^AEIOU])/, 'a ')
  return `a ${typeof value}`
}

import type { DeviceEvent } from '../ports/events.ts'
import { EXECUTION_STATUSES } from '../ports/events.ts'
import { nameOf } from './check-effect.ts'

type Check = (value: unknown) => boolean

/** Of a text in an event: the journal and the report hold many of them. */
const MAX_TEXT = 500

const isText: Check = (value) => typeof value === 'string' && value.length <= MAX_TEXT
const isAmount: Check = (value) => typeof value === 'number' && value >= 0 && value !== Infinity
const isWhole: Check = (value) => Number.isInteger(value) && (value as number) >= 0
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value)

/** What a program tells; the board tells the rest. */
type Told = Exclude<DeviceEvent['type'], 'booted' | 'connected' | 'connect-failed' | 'disconnected' | 'phase' | 'fault' | 'finding'>

const FIELDS: { readonly [Type in Told]: Readonly<Record<string, Check>> } = {
  'picked-up': { update: isText, ms: optional(isAmount) },
  downloaded: { bytes: isWhole, ms: isAmount, retries: isWhole },
  'download-failed': { reason: isText, bytes: isWhole },
  flashed: { version: isText, bytes: isWhole, crc32: isWhole },
  reported: {
    update: isText,
    status: (value) => (EXECUTION_STATUSES as readonly unknown[]).includes(value),
    accepted: (value) => typeof value === 'boolean',
    reason: optional(isText),
  },
  running: { version: isText },
  'rolled-back': { from: isText, to: isText },
  bricked: { reason: isText },
  settled: {},
}

/** The event of a user's program with the fields that it has by its type and no others. TypeError when something is wrong with it. */
export function checkedEvent<Told extends object>(event: Told): Told {
  const given = event as Readonly<Record<string, unknown>>
  const type = given?.['type']
  const fields = typeof type === 'string' ? (FIELDS as Readonly<Record<string, Readonly<Record<string, Check>>>>)[type] : undefined
  if (!fields) throw new TypeError(`emit: expected one of ${Object.keys(FIELDS).join(', ')} as the type of an event, found ${nameOf(type)}`)
  const checked: Record<string, unknown> = { type }
  for (const name in fields) {
    const value = given[name]
    if (!fields[name]!(value)) throw new TypeError(`emit: the event ${String(type)} has ${name}: ${nameOf(value)}`)
    if (value !== undefined) checked[name] = value
  }
  return checked as Told
}

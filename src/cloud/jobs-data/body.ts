import type { Payload } from '../../ports/mqtt.ts'
import { type Fields, invalid } from './fields.ts'
import { JobsDataError } from './jobs-data-error.ts'

/** Bodies whose members are remembered. */
const MAX_RECENT = 16
/** Longer ones tell something of their device, and do not come again. */
const MAX_RECENT_LENGTH = 256

const UTF8 = new TextDecoder('utf-8', { fatal: true })
const NO_FIELDS: Fields = {}

/** A fleet sends the same few bodies, device after device. Fields are never written to, so that all may have the same. */
const recent: { readonly text: string; readonly fields: Fields }[] = []
let oldest = 0

/** The members of a request. No bytes at all are a request without members: real devices ask so for their jobs. Throws JobsDataError. */
export function parseBody(payload: Payload): Fields {
  if (payload.length === 0) return NO_FIELDS
  const text = typeof payload === 'string' ? payload : textOf(payload)
  for (const body of recent) if (body.text === text) return body.fields
  const fields = fieldsOf(text)
  if (text.length <= MAX_RECENT_LENGTH) {
    recent[oldest] = { text, fields }
    oldest = (oldest + 1) % MAX_RECENT
  }
  return fields
}

function textOf(bytes: Uint8Array): string {
  try {
    return UTF8.decode(bytes)
  } catch {
    throw notJson()
  }
}

function fieldsOf(text: string): Fields {
  let fields: unknown
  try {
    fields = JSON.parse(text)
  } catch {
    throw notJson()
  }
  if (typeof fields === 'object' && fields !== null && !Array.isArray(fields)) return fields as Fields
  throw invalid('The payload must be a JSON object')
}

function notJson(): JobsDataError {
  return new JobsDataError('InvalidJson', 'The payload is not valid JSON')
}

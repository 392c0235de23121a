import type { Payload } from '../../ports/mqtt.ts'

/** Messages that are remembered. */
const MAX_RECENT = 16
/** Longer ones are parsed anew each time. */
const MAX_RECENT_LENGTH = 2048

const UTF8 = new TextDecoder()

/** In the same second a cloud tells a fleet the same, device after device. */
const recent: { readonly text: string; readonly value: unknown }[] = []
let oldest = 0

/** A payload as JSON, or undefined when it is none. Devices share what they read of the same text: it is not to be written to. */
export function parseJson(payload: Payload): unknown {
  const text = typeof payload === 'string' ? payload : UTF8.decode(payload)
  for (const message of recent) if (message.text === text) return message.value
  const value = valueOf(text)
  if (text.length <= MAX_RECENT_LENGTH) {
    recent[oldest] = { text, value }
    oldest = (oldest + 1) % MAX_RECENT
  }
  return value
}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

import type { Payload } from '../../ports/mqtt.ts'

/** A payload as JSON, or undefined when it is none. */
export function parseJson(payload: Payload): unknown {
  try {
    return JSON.parse(typeof payload === 'string' ? payload : new TextDecoder().decode(payload))
  } catch {
    return undefined
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

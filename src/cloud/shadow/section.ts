/** JSON as a device sends it. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject
export interface JsonObject {
  readonly [key: string]: Json
}

/** When values were set, in whole seconds since the epoch: one number for a subtree that was set at once, which is nearly always all of it. */
export type Times = number | { readonly [key: string]: Times }

/** `desired` or `reported` of a shadow. Never empty. Immutable: an update makes a new one that shares what did not change. */
export interface Section {
  readonly state: JsonObject
  readonly times: Times
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Applies an update: `null` removes a key, objects merge, all else replaces. Undefined when nothing is left. */
export function merge(section: Section | undefined, patch: JsonObject, nowSec: number): Section | undefined {
  if (section && replaces(patch, section.state)) return { state: patch, times: nowSec }
  const merged = section ? mergeInto(section.state, section.times, patch, nowSec) : { state: withoutNulls(patch), times: nowSec }
  return isEmpty(merged.state) ? undefined : merged
}

/** The metadata that AWS shows: `{timestamp}` in the place of each leaf. A removed key (`null`) has none. */
export function metadataOf(state: Json, times: Times): object {
  if (Array.isArray(state)) return state.map((item) => metadataOf(item, times))
  if (!isObject(state)) return { timestamp: times }
  const metadata: Record<string, object> = {}
  for (const key in state) if (state[key] !== null) metadata[key] = metadataOf(state[key]!, timesOf(times, key))
  return metadata
}

/** What is desired and not reported so, with its metadata; undefined when nothing is. */
export function difference(desired: Section | undefined, reported: Section | undefined): { state: JsonObject; metadata: object } | undefined {
  return desired && differenceOf(desired.state, desired.times, reported?.state)
}

/** Whether all of the state is set anew, with nothing removed and the keys in the order that they have: a device that reports the same sensors each time. */
function replaces(patch: JsonObject, state: JsonObject): boolean {
  if (isEmpty(patch)) return false
  const keys = Object.keys(patch)
  let at = 0
  for (const key in state) {
    if (keys[at++] !== key) return false
    const old = state[key]!
    const value = patch[key]!
    if (value === null) return false
    if (isObject(value) && (isObject(old) ? !replaces(value, old) : hasNull(value))) return false
  }
  for (; at < keys.length; at++) {
    const value = patch[keys[at]!]!
    if (value === null || (isObject(value) && hasNull(value))) return false
  }
  return true
}

function mergeInto(state: JsonObject, times: Times, patch: JsonObject, nowSec: number): Section {
  const next: Record<string, Json> = {}
  const nextTimes: Record<string, Times> = {}
  for (const key in state) {
    const old = state[key]!
    const value = Object.hasOwn(patch, key) ? patch[key]! : undefined
    if (value === null) continue
    if (value === undefined) {
      next[key] = old
      nextTimes[key] = timesOf(times, key)
    } else if (isObject(value) && isObject(old)) {
      const merged = mergeInto(old, timesOf(times, key), value, nowSec)
      next[key] = merged.state
      nextTimes[key] = merged.times
    } else {
      next[key] = withoutNulls(value)
      nextTimes[key] = nowSec
    }
  }
  for (const key in patch) {
    if (Object.hasOwn(state, key) || patch[key] === null) continue
    next[key] = withoutNulls(patch[key]!)
    nextTimes[key] = nowSec
  }
  return { state: next, times: collapsed(nextTimes, nowSec) }
}

/** One number when all parts have the same. */
function collapsed(times: Record<string, Times>, otherwise: number): Times {
  let common: number | undefined
  for (const key in times) {
    const time = times[key]!
    if (typeof time !== 'number' || (common !== undefined && time !== common)) return times
    common = time
  }
  return common ?? otherwise
}

function timesOf(times: Times, key: string): Times {
  return typeof times === 'number' ? times : times[key]!
}

function differenceOf(desired: JsonObject, times: Times, reported: JsonObject | undefined): { state: JsonObject; metadata: object } | undefined {
  let state: Record<string, Json> | undefined
  let metadata: Record<string, object> | undefined
  for (const key in desired) {
    const wanted = desired[key]!
    const actual = reported && Object.hasOwn(reported, key) ? reported[key] : undefined
    const isPart = isObject(wanted) && (isObject(actual) || actual === undefined)
    if (!isPart && isSame(wanted, actual)) continue
    const part = isPart ? differenceOf(wanted, timesOf(times, key), actual as JsonObject | undefined) : undefined
    if (isPart && !part) continue
    state ??= {}
    metadata ??= {}
    state[key] = part ? part.state : wanted
    metadata[key] = part ? part.metadata : metadataOf(wanted, timesOf(times, key))
  }
  return state && metadata && { state, metadata }
}

function isSame(one: Json, other: Json | undefined): boolean {
  if (one === other) return true
  if (Array.isArray(one)) return Array.isArray(other) && one.length === other.length && one.every((item, i) => isSame(item, other[i]))
  if (!isObject(one) || !isObject(other)) return false
  const keys = Object.keys(one)
  return keys.length === Object.keys(other).length && keys.every((key) => Object.hasOwn(other, key) && isSame(one[key]!, other[key]))
}

/** The value itself when it has no nulls, which is the usual case. Arrays are values: a null in one stays. */
function withoutNulls(value: JsonObject): JsonObject
function withoutNulls(value: Json): Json
function withoutNulls(value: Json): Json {
  if (!isObject(value) || !hasNull(value)) return value
  const kept: Record<string, Json> = {}
  for (const key in value) if (value[key] !== null) kept[key] = withoutNulls(value[key]!)
  return kept
}

function hasNull(value: JsonObject): boolean {
  for (const key in value) {
    const item = value[key]!
    if (item === null || (isObject(item) && hasNull(item))) return true
  }
  return false
}

function isEmpty(value: JsonObject): boolean {
  for (const _ in value) return false
  return true
}

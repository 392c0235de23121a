import { difference, metadataOf } from './section.ts'
import type { Shadow, ShadowUpdate } from './shadows.ts'

/** The documents that the shadow service sends (reference §6), as objects for JSON: undefined members disappear there. */

/** `get/accepted` and GetThingShadow. */
export function shadowDocument(shadow: Shadow, nowSec: number, clientToken?: string): object {
  const { desired, reported, version } = shadow
  const delta = difference(desired, reported)?.state
  return {
    state: { desired: desired?.state, reported: reported?.state, delta },
    metadata: metadataDocument(shadow),
    version,
    timestamp: nowSec,
    clientToken,
  }
}

/** `update/accepted` and UpdateThingShadow: only what this request set. */
export function acceptedDocument({ request, current, nowSec }: ShadowUpdate): object {
  const { desired, reported } = request.state
  const metadata = { desired: desired && metadataOf(desired, nowSec), reported: reported && metadataOf(reported, nowSec) }
  return { state: { desired, reported }, metadata, version: current.version, timestamp: nowSec, clientToken: request.clientToken }
}

/** `update/delta`: undefined when all that is desired is reported. */
export function deltaDocument({ request, current, nowSec }: ShadowUpdate): object | undefined {
  const delta = difference(current.desired, current.reported)
  return delta && { ...delta, version: current.version, timestamp: nowSec, clientToken: request.clientToken }
}

/** `update/documents`. */
export function documentsDocument({ request, previous, current, nowSec }: ShadowUpdate): object {
  return { previous: snapshot(previous), current: snapshot(current), timestamp: nowSec, clientToken: request.clientToken }
}

/** `delete/accepted` and DeleteThingShadow. */
export function deletedDocument(shadow: Shadow, nowSec: number, clientToken?: string): object {
  return { version: shadow.version, timestamp: nowSec, clientToken }
}

function snapshot(shadow: Shadow): object {
  return {
    state: { desired: shadow.desired?.state, reported: shadow.reported?.state },
    metadata: metadataDocument(shadow),
    version: shadow.version,
  }
}

function metadataDocument({ desired, reported }: Shadow): object {
  return {
    desired: desired && metadataOf(desired.state, desired.times),
    reported: reported && metadataOf(reported.state, reported.times),
  }
}

import type { Event } from '../ports/events.ts'
import { deviceName, groupOf, type Fleet } from '../ports/fleet.ts'
import { FINDING_TEXTS } from './findings.ts'

/** Events that a person who watches the run wants to see. */
export type NotableEvent = Extract<
  Event,
  {
    type:
      | 'rollout-started'
      | 'rollout-finished'
      | 'reported'
      | 'rolled-back'
      | 'bricked'
      | 'finding'
      | 'fault'
      | 'download-failed'
      | 'worker-lost'
      | 'warning'
  }
>

export function isNotable(event: Event): event is NotableEvent {
  switch (event.type) {
    case 'reported':
      return event.status !== 'SUCCEEDED' || !event.accepted
    case 'rollout-started':
    case 'rollout-finished':
    case 'rolled-back':
    case 'bricked':
    case 'finding':
    case 'fault':
    case 'download-failed':
    case 'worker-lost':
    case 'warning':
      return true
    case 'booted':
    case 'connected':
    case 'connect-failed':
    case 'disconnected':
    case 'picked-up':
    case 'phase':
    case 'downloaded':
    case 'flashed':
    case 'running':
    case 'settled':
    case 'run-started':
    case 'image-uploaded':
    case 'rollout-progress':
    case 'execution':
    case 'cloud-removed':
    case 'run-finished':
      return false
  }
}

/** One line about the event, without its time. */
export function eventText(event: NotableEvent, fleet: Fleet): string {
  const name = 'device' in event ? deviceName(groupOf(fleet, event.device), event.device) : ''
  switch (event.type) {
    case 'rollout-started':
      return `rollout ${event.rollout + 1} started: ${event.update}`
    case 'rollout-finished':
      return `rollout ${event.rollout + 1} ${event.status}${event.reason === undefined ? '' : `: ${event.reason}`}`
    case 'reported':
      return `${name} ${event.status}${event.accepted ? '' : ' (not accepted)'}${event.reason === undefined ? '' : `: ${event.reason}`}`
    case 'rolled-back':
      return `${name} rolled back from ${event.from} to ${event.to}`
    case 'bricked':
      return `${name} is bricked: ${event.reason}`
    case 'finding':
      return `${name} ${FINDING_TEXTS[event.finding]}`
    case 'fault':
      return `${name} was struck by ${event.name}`
    case 'download-failed':
      return `${name} download failed: ${event.reason}`
    case 'worker-lost':
      return `worker ${event.worker} was lost: ${event.reason}`
    case 'warning':
      return event.text
  }
}

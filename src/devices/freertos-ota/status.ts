import type { ExecutionStatus } from '../../ports/events.ts'
import { decimal, hexWord, versionText } from './version.ts'

/** Job status updates, to the letter of `ota_mqtt.c`: no expected version, no client token. */
export interface Status {
  readonly payload: string
  readonly qos: 0 | 1
  /** Set when it ends the job. */
  readonly end?: { readonly status: ExecutionStatus; readonly reason: string }
}

/** The only one with QoS 0. */
export function receiving(received: number, blocks: number): Status {
  return { payload: update('IN_PROGRESS', `"receive":"${decimal(received)}/${decimal(blocks)}"`), qos: 0 }
}

/** `version` is the one that runs. */
export function selfTest(stage: 'ready' | 'active', version: number): Status {
  return { payload: update('IN_PROGRESS', `"self_test":"${stage}","updatedBy":"0x${hexWord(version)}"`), qos: 1 }
}

export function accepted(version: number, updatedBy: number): Status {
  const reason = `accepted  v${versionText(version)}`
  return ending('SUCCEEDED', reason, `,"updatedBy":"  v${versionText(updatedBy)}"`)
}

export function rejected(code: number): Status {
  return ending('FAILED', `rejected: 0x${hexWord(code)}`)
}

export function aborted(code: number): Status {
  return ending('FAILED', `aborted: 0x${hexWord(code)}`)
}

export function failed(code: number, subCode = 0): Status {
  return ending('FAILED', `0x${hexWord(code)}: 0x${hexWord(subCode)}`)
}

function ending(status: 'SUCCEEDED' | 'FAILED', reason: string, more = ''): Status {
  return { payload: update(status, `"reason":"${reason}"${more}`), qos: 1, end: { status, reason } }
}

function update(status: string, details: string): string {
  return `{"status":"${status}","statusDetails":{${details}}}`
}

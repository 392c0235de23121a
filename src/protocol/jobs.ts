/** AWS IoT Jobs on MQTT: names and shapes on the wire, no behaviour. Times are whole seconds since the epoch. */

export interface JobExecution {
  jobId: string
  status: string
  statusDetails?: Record<string, string>
  queuedAt: number
  startedAt?: number
  lastUpdatedAt: number
  versionNumber: number
  executionNumber: number
  approximateSecondsBeforeTimedOut?: number
  jobDocument?: unknown
}

export interface JobExecutionSummary {
  jobId: string
  queuedAt: number
  lastUpdatedAt: number
  startedAt?: number
  executionNumber: number
  versionNumber: number
}

export interface JobExecutionState {
  status: string
  statusDetails?: Record<string, string>
  versionNumber: number
}

/** The RejectedErrorCode enum of the device SDKs. */
export type RejectedCode =
  | 'InvalidTopic'
  | 'InvalidJson'
  | 'InvalidRequest'
  | 'InvalidStateTransition'
  | 'ResourceNotFound'
  | 'VersionMismatch'
  | 'InternalError'
  | 'RequestThrottled'
  | 'TerminalStateReached'

export interface Rejected {
  code: RejectedCode
  message: string
  clientToken?: string
  timestamp: number
  executionState?: JobExecutionState
}

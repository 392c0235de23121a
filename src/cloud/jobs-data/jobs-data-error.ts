import type { JobExecutionState, RejectedCode } from '../../protocol/jobs.ts'

/** For a device: one of the nine codes of the jobs data plane; each wire has its own form of it. */
export class JobsDataError extends Error {
  override name = 'JobsDataError'
  readonly code: RejectedCode
  /** Only with InvalidStateTransition and VersionMismatch. */
  readonly executionState: JobExecutionState | undefined

  constructor(code: RejectedCode, message: string, executionState?: JobExecutionState) {
    super(message)
    this.code = code
    this.executionState = executionState
  }
}

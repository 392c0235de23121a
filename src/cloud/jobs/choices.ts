/**
 * What no source says about AWS IoT Jobs, decided. Each constant answers one open question of the AWS reference, section 11 (its number in brackets);
 * a run against a real account can correct it here, and only here.
 */

/** [1] What an automatic abort writes into `reasonCode`. */
export const ABORT_REASON_CODE = 'ABORT_THRESHOLD_REACHED'

/** [1] What an automatic abort writes into `comment`. */
export const abortComment = (failureType: string, thresholdPercentage: number): string =>
  `Job canceled by its abort configuration: ${failureType} reached ${thresholdPercentage}%.`

/** [2] `versionNumber` of every new execution, a retry included: the number belongs to the execution, not to the thing. */
export const FIRST_VERSION = 1

/** [2] `executionNumber` of the first execution of a thing; a retry or a restart adds 1. */
export const FIRST_EXECUTION_NUMBER = 1

/** [2] A failed attempt counts towards the abort criteria until its retry has ended too: otherwise a retry storm would never stop the job. */
export const ABORT_COUNTS_RETRIED_FAILURES: boolean = true

/** [2] Lists show every attempt of a thing, the oldest first, rather than the latest only. */
export const LIST_EVERY_ATTEMPT: boolean = true

/** [3] The exception of a wrong `expectedVersion` on the HTTPS data plane, whose model has no class for it. */
export const VERSION_MISMATCH_OVER_HTTP = { name: 'InvalidStateTransitionException', status: 409 } as const

/** [3] The exception of a wrong `expectedVersion` in CancelJobExecution. */
export const CANCEL_VERSION_MISMATCH = { name: 'VersionConflictException', status: 409 } as const

/** [4] The answer to a device that reports a status which only the service may set, or a word that is no status. */
export const FOREIGN_STATUS_CODE = 'InvalidRequest'

/** [5] What a change by the service (cancel, timeout, removal) adds to `versionNumber`. */
export const SERVICE_VERSION_STEP = 1

/** [6] Whether the `statusDetails` of an update are merged into the old map; if not, they replace it. */
export const MERGE_STATUS_DETAILS: boolean = false

/** [7] Where the answer `InvalidTopic` goes. */
export const invalidTopicAnswer = (topic: string): string => `${topic}/rejected`

/** [8] A fractional rate per minute, as whole devices. The margin keeps 33 from becoming 32 when the product is 32.999999999999996. */
export const wholeRate = (ratePerMinute: number): number => Math.max(1, Math.floor(ratePerMinute + 1e-9))

/** [9] Whether leaving the last target group of a continuous job also ends an execution that is already IN_PROGRESS. */
export const LEAVING_REMOVES_IN_PROGRESS: boolean = true

/** [9] Whether a thing that had finished starts anew when it comes back to a target group of a continuous job. */
export const REJOINING_RESTARTS_FINISHED: boolean = true

/** [9] Whether a thing that leaves a target group loses its execution of a snapshot job too. */
export const SNAPSHOT_FOLLOWS_LEAVING: boolean = false

/** [10] What an `endTime` does when `endBehavior` is not given. */
export const DEFAULT_END_BEHAVIOR = 'STOP_ROLLOUT'

/** [10] Whether a start lies at least 30 minutes ahead, and an end 30 minutes behind the start. */
export const ENFORCE_SCHEDULE_LEAD: boolean = true

/** [10] Whether a job with maintenance windows must be CONTINUOUS. */
export const WINDOWS_NEED_CONTINUOUS: boolean = false

/** [11] Active jobs in an account, for each target selection. */
export const MAX_ACTIVE_JOBS = 100

/** [12] A snapshot job whose targets have no things is COMPLETED at once; if not, it stays IN_PROGRESS until it is canceled. */
export const EMPTY_SNAPSHOT_COMPLETES: boolean = true

/** [13] Whether DeleteJobExecution takes a QUEUED execution without `force`. */
export const DELETE_QUEUED_WITHOUT_FORCE: boolean = true

/** [14] Whether GetPendingJobExecutions shows executions that are IN_PROGRESS. */
export const PENDING_SHOWS_IN_PROGRESS: boolean = true

/** Canceling a job that is already over: not described anywhere. */
export const CANCEL_OF_FINISHED_JOB = { name: 'InvalidRequestException', status: 400 } as const

/** Key of an upload whose placeholder names a bucket and no key: AWS makes one of these three, how is not documented. */
export const UPLOAD_KEY = '${jobId}/${thingName}/${executionNumber}'

/** Page size of the jobs lists when `maxResults` is not given: not documented. */
export const DEFAULT_PAGE_SIZE = 250

/** [11] Jobs that roll out at one time: a scheduled job whose start finds so many of them is CANCELED. The number was not found. */
export const MAX_CONCURRENT_JOBS = 100

/** [11] `reasonCode` of a job that was canceled so. */
export const CONCURRENCY_REASON_CODE = 'CONCURRENT_JOB_LIMIT_EXCEEDED'

/** [2] Whether every attempt of a thing is told in a `failed` or `timed_out` event, rather than the last one only. */
export const EVENT_FOR_EVERY_ATTEMPT: boolean = true

/** How many executions of a job that is deleted disappear in a second: until they have, the job is DELETION_IN_PROGRESS. */
export const DELETIONS_PER_SECOND = 10_000

/** Days that a job which is over can be seen, with its executions. */
export const RETENTION_DAYS = 730

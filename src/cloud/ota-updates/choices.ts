/** Decisions on OTA updates where no source tells what AWS does, or sources disagree. */

/** A target that is no ARN is the name of a thing: the example of the AWS CLI has such targets, though the service is said to want ARNs. */
export const NAMES_ARE_THINGS: boolean = true

/** What CreateOTAUpdate answers as the status: the guide's word. The example of the AWS CLI shows CREATE_IN_PROGRESS. */
export const FIRST_STATUS = 'CREATE_PENDING'

/** Cloud time from CREATE_PENDING to CREATE_IN_PROGRESS, from there to the job, and from DELETE_IN_PROGRESS until the update is gone. */
export const STEP_MS = 1000

/** An id that leaves no room for that of its job. It is refused at once, as are targets and configurations; missing objects show as CREATE_FAILED. */
export const TOO_LONG_ID = { name: 'InvalidRequestException', status: 400 } as const

/** Files of one update, as many as a stream can have. */
export const TOO_MANY_FILES = { name: 'LimitExceededException', status: 410 } as const

/** An update whose job is not over is deleted without `forceDeleteAWSJob`: the model lists no InvalidStateTransitionException here. */
export const DELETE_WITH_ACTIVE_JOB = { name: 'InvalidRequestException', status: 400 } as const

/** An update is deleted that is just being made or deleted. */
export const DELETE_OF_BUSY_UPDATE = { name: 'VersionConflictException', status: 409 } as const

/** `errorInfo.code` of an update that failed: the name of the error that the failing step would have answered. */
export const errorCode = (exception: string): string => exception

/** Seconds that presigned URLs of an OTA update live when `awsJobPresignedUrlConfig` does not say. */
export const DEFAULT_URL_EXPIRES_SEC = 1800

/** The order of protocols in the job document, whatever the order of the request. */
export const DOCUMENT_PROTOCOLS = ['MQTT', 'HTTP'] as const

/** `filepath` and `certfile` when the request does not say: members that agents insist on. */
export const DEFAULT_PATH = ''

/** GetOTAUpdate shows the stream that was made for a file beside its `s3Location`, and the signing job beside what it was started with. */
export const SHOW_WHAT_WAS_MADE: boolean = true

/** Page size of ListOTAUpdates when `maxResults` is not given. */
export const DEFAULT_PAGE_SIZE = 250

/** Decisions on certificates, policies and principals where no source tells what AWS does. */

/** Page size of the lists with a `marker`, and of the lists of principals. */
export const DEFAULT_PAGE_SIZE = 25

/** Lists are ordered from the newest to the oldest unless `isAscendingOrder` says otherwise. */
export const NEWEST_FIRST = true

/** UpdateCertificate and the registrations with a status that only AWS itself gives: the model speaks of an exception, not of which. */
export const STATUS_OF_SERVICE = { name: 'CertificateStateException', status: 406 } as const

/** A certificate that was made from a request keeps the subject of the request, when there is one. */
export const KEEP_SUBJECT_OF_REQUEST: boolean = true

/** AttachThingPrincipal that would give a principal a second thing beside an exclusive one. */
export const NOT_EXCLUSIVE = { name: 'InvalidRequestException', status: 400 } as const

/** RegisterCertificate through an authority that is INACTIVE. */
export const INACTIVE_CA = { name: 'CertificateStateException', status: 406 } as const

/** A policy document with more than 2048 characters that are no white space. */
export const DOCUMENT_TOO_LONG = { name: 'MalformedPolicyException', status: 400 } as const

/** `timestamp` and `certificateRegistrationTimestamp` of the message about a certificate that was registered by its first connection, in milliseconds. */
export const registeredAt = (nowMs: number): { timestamp: number; certificateRegistrationTimestamp: string } => ({
  timestamp: Math.floor(nowMs),
  certificateRegistrationTimestamp: String(Math.floor(nowMs)),
})

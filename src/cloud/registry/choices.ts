/** Decisions on the registry where no source tells what AWS does. */

/** Page size of the lists when `maxResults` is not given. */
export const DEFAULT_PAGE_SIZE = 50

/** AddThingToBillingGroup refuses a thing that is in another billing group; otherwise it moves. */
export const REFUSE_SECOND_BILLING_GROUP: boolean = true

/** A thing that is deleted is told to have left its groups, in THING_GROUP_MEMBERSHIP events. */
export const TELL_GROUPS_OF_DELETED_THINGS: boolean = true

/** `version` of a thing after it joined or left a billing group: as with thing groups, nothing is added. */
export const BILLING_GROUP_VERSION_STEP = 0

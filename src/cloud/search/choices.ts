/** Decisions on fleet indexing where no source tells what AWS does. */

/** How long an index is BUILDING or REBUILDING. AWS needs 30 to 60 seconds for a small fleet (aws-sdk-js-v3 #6496), and longer for more things. */
export const INDEX_BUILD_MS = 30_000

/** How long a dynamic group is BUILDING or REBUILDING. */
export const GROUP_BUILD_MS = 5000

/** How soon the members of a dynamic group follow a change of a thing: AWS says "eventually". */
export const FOLLOW_MS = 1000

/** CreateDynamicThingGroup while the index is built for the first time: the model has no IndexNotReadyException there. */
export const GROUP_WITHOUT_INDEX = { name: 'InvalidRequestException', status: 400 } as const

/** Terms of a query. The public quota tables say 5 (2019); more are taken here. */
export const MAX_TERMS = 12

/** `*` in one term of a query. */
export const MAX_STARS_PER_TERM = 2

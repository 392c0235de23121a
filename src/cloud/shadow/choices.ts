/** Decisions on shadows where sources disagree or say nothing (reference §6). */

/** Levels below `desired` and `reported`. AWS's own texts say 5, 6 and 8; 8 is the newest quota. */
export const MAX_LEVELS = 8

/** Whether an HTTP update shows on `update/accepted` too; it does on `update/delta` and `update/documents`. */
export const HTTP_UPDATE_IS_ACCEPTED: boolean = true

/** Page size of ListNamedShadowsForThing when `pageSize` is not given. */
export const DEFAULT_PAGE_SIZE = 25

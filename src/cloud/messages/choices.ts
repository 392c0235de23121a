/** Decisions on the message operations of the data plane where no source tells what AWS does. */

/** A message to a topic that begins with `$` and is none that clients may publish to. */
export const RESERVED_TOPIC = { name: 'ForbiddenException', status: 403 } as const

/** Page size of ListRetainedMessages when `maxResults` is not given; ListSubscriptions has 20. */
export const DEFAULT_PAGE_SIZE = 200

/** DeleteConnection of a client whose persistent session waits without a connection: the model speaks of connected clients. */
export const DELETE_WITHOUT_CONNECTION = { name: 'ResourceNotFoundException', status: 404 } as const

import type { Operation } from '../http/operation.ts'
import { deleteConnection } from './delete-connection.ts'
import { getConnection } from './get-connection.ts'
import { getRetainedMessage } from './get-retained-message.ts'
import { listRetainedMessages } from './list-retained-messages.ts'
import { listSubscriptions } from './list-subscriptions.ts'
import { publish } from './publish.ts'

/** The operations of the data plane (`iotdata`) on messages and connections. */
export const messagesOperations: readonly Operation[] = [
  deleteConnection,
  getConnection,
  getRetainedMessage,
  listRetainedMessages,
  listSubscriptions,
  publish,
]

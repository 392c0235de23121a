import { AwsError } from '../../errors.ts'
import type { Operation } from '../http/operation.ts'
import { DELETE_WITHOUT_CONNECTION } from './choices.ts'
import { clientIdOf, flag } from './client.ts'

/** Ends a client's connection, with its will unless that is prevented; the session stays unless it is to be cleaned. */
export const deleteConnection: Operation = {
  service: 'iotdata',
  name: 'DeleteConnection',
  method: 'DELETE',
  path: '/connections/{clientId}',
  run({ bus }, request) {
    const clientId = clientIdOf(request)
    const { query } = request
    const isDone = bus.disconnect(clientId, { cleanSession: flag(query, 'cleanSession'), preventWillMessage: flag(query, 'preventWillMessage') })
    const { name, status } = DELETE_WITHOUT_CONNECTION
    if (!isDone) throw new AwsError(name, status, `Client ${clientId} is not connected`)
  },
}

import type { Operation } from '../http/operation.ts'
import { clientIdOf, notFound } from './client.ts'
import { pageByName } from './page-by-name.ts'

/** AWS's own default. */
const DEFAULT_PAGE_SIZE = 20

/** In order of the filters. */
export const listSubscriptions: Operation = {
  service: 'iotdata',
  name: 'ListSubscriptions',
  method: 'GET',
  path: '/connections/{clientId}/subscriptions',
  run({ bus }, request) {
    const clientId = clientIdOf(request)
    const subscriptions = bus.subscriptions(clientId)
    if (!subscriptions) throw notFound(`Client ${clientId} is not known`)
    const sorted = subscriptions.toSorted((a, b) => (a.filter < b.filter ? -1 : 1))
    const { page, nextToken } = pageByName(sorted, ({ filter }) => filter, request.query, DEFAULT_PAGE_SIZE)
    return { subscriptions: page.map(({ filter, qos }) => ({ topicFilter: filter, qos })), nextToken }
  },
}

import type { Operation } from '../http/operation.ts'
import { invalidRequest } from './registry-errors.ts'

const MQTT_TYPES = ['iot:Data', 'iot:Data-ATS', 'iot:Data-Beta']
const HTTP_TYPES = ['iot:Jobs', 'iot:CredentialProvider', 'iot:DeviceAdvisor']

/** `host:port` without a scheme, since the cloud isn't at the standard ports. Differs from AWS: messages and HTTP have addresses of their own here. */
export const describeEndpoint: Operation = {
  service: 'iot',
  name: 'DescribeEndpoint',
  method: 'GET',
  path: '/endpoint',
  run({ options }, { query }) {
    const type = query.get('endpointType') ?? 'iot:Data'
    if (MQTT_TYPES.includes(type)) return { endpointAddress: options.mqttEndpoint }
    if (HTTP_TYPES.includes(type)) return { endpointAddress: new URL(options.url).host }
    throw invalidRequest(`Endpoint type ${type} is not one of ${[...MQTT_TYPES, ...HTTP_TYPES].join(', ')}.`)
  },
}

import type { Operation } from '../http/operation.ts'
import { invalidRequest } from './registry-errors.ts'

const MQTT_TYPES = ['iot:Data', 'iot:Data-ATS', 'iot:Data-Beta']
const HTTP_TYPES = ['iot:Jobs', 'iot:CredentialProvider', 'iot:DeviceAdvisor']

/**
 * `host:port` without a scheme, since the cloud isn't at the standard ports. Asked over TLS, one address serves all types, as AWS's port 443 does: HTTPS for
 * signed requests, and MQTT for devices that ask for it by ALPN (`x-amzn-mqtt-ca`). Differs from AWS: asked without TLS, messages and HTTP have plain
 * addresses of their own.
 */
export const describeEndpoint: Operation = {
  service: 'iot',
  name: 'DescribeEndpoint',
  method: 'GET',
  path: '/endpoint',
  run({ options }, { query, isTls }) {
    const type = query.get('endpointType') ?? 'iot:Data'
    if (isTls && options.tlsEndpoint !== undefined && [...MQTT_TYPES, ...HTTP_TYPES].includes(type)) return { endpointAddress: options.tlsEndpoint }
    if (MQTT_TYPES.includes(type)) return { endpointAddress: options.mqttEndpoint }
    if (HTTP_TYPES.includes(type)) return { endpointAddress: new URL(options.url).host }
    throw invalidRequest(`Endpoint type ${type} is not one of ${[...MQTT_TYPES, ...HTTP_TYPES].join(', ')}.`)
  },
}

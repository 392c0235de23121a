/** Where a device finds its broker; with `tls`, mutual TLS. */
export interface BrokerAddress {
  readonly host: string
  readonly port: number
  readonly tls?: {
    /** PEM texts. */
    readonly ca: string | undefined
    readonly cert: string
    readonly key: string
  }
}

/** What AWS IoT expects of MQTT on the port of HTTPS (aws-iot.md §8.1). */
export const ALPN = { port: 443, protocol: 'x-amzn-mqtt-ca' } as const

/** Where a device finds its broker; with `tls`, mutual TLS. */
export interface BrokerAddress {
  readonly host: string
  readonly port: number
  readonly tls?: {
    /** PEM texts. */
    readonly ca: string | undefined
    readonly cert: string
    readonly key: string
    /** What the client asks for by ALPN, on a port that serves other protocols, too. */
    readonly alpn?: string
  }
}

/** MQTT with a certificate, as AWS IoT calls it on the port of HTTPS (aws-iot.md §8.1). */
export const MQTT_BY_ALPN = 'x-amzn-mqtt-ca'

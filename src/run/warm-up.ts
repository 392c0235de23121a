import type { HttpTransport } from '../ports/http.ts'
import type { MqttTransport } from '../ports/mqtt.ts'

const PROBES = 24
const REQUESTS_EACH = 8

/**
 * Connects and fetches a few times before the first device does: the libraries load parts of themselves and are compiled at first use, which
 * would make the first devices late. It also shows that the cloud is reachable from this thread.
 */
export async function warmUp(mqtt: MqttTransport, http: HttpTransport, httpUrl: string, worker: number): Promise<void> {
  await Promise.all(
    Array.from({ length: PROBES }, async (_, probe) => {
      await connectOnce(mqtt, `fleetsim-probe-${worker}-${probe}`)
      for (let i = 0; i < REQUESTS_EACH; i++) await fetchOnce(http, httpUrl)
    }),
  )
}

function connectOnce(mqtt: MqttTransport, clientId: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const topic = `fleetsim/probe/${clientId}`
    const connection = mqtt.connect(
      { clientId, clean: true, keepAliveSeconds: 60 },
      {
        onConnected: () => connection.subscribe([{ filter: topic, qos: 1 }]),
        onSubscribed: () => connection.publish(topic, '{}', 1),
        onPublished() {},
        onMessage() {
          connection.disconnect()
          resolve()
        },
        onClosed: (reason) => reject(new Error(`the cloud's MQTT door can't be reached: ${reason}`)),
      },
    )
  })
}

/** Any answer will do. */
function fetchOnce(http: HttpTransport, url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    http.get(
      { url, headers: {} },
      { onResponse: () => resolve(), onFailed: (reason) => reject(new Error(`the cloud's HTTP door can't be reached: ${reason}`)) },
    )
  })
}

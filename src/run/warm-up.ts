import { setTimeout as wait } from 'node:timers/promises'
import type { HttpTransport } from '../ports/http.ts'
import type { MqttTransport } from '../ports/mqtt.ts'

const PROBES = 24
const REQUESTS_EACH = 8
/** The door answers below this path without counting: to S3 a probe would be a request that was refused. */
const UNCOUNTED_PATH = '/_fleetsim/'
/** A certificate that was just made is not known everywhere at once. */
const PATIENCE = { tries: 10, waitMs: 2_000 }

/** What a worker tries before the first device does. */
export interface WarmUp {
  readonly clientIds: readonly string[]
  /** Whether a client sends itself a message, too: policies allow devices their own topics only. */
  readonly echo: boolean
  /** Any answer will do. */
  readonly url: string
  /** Of each client. */
  readonly requests: number
}

/** For an embedded cloud, which can take it: enough for the libraries to be compiled. */
export function manyProbes(httpUrl: string, worker: number): WarmUp {
  const clientIds = Array.from({ length: PROBES }, (_, probe) => `fleetsim-probe-${worker}-${probe}`)
  return { clientIds, echo: true, url: `${httpUrl}${UNCOUNTED_PATH}`, requests: REQUESTS_EACH }
}

/** For an account: one of the devices connects and goes again. */
export function oneProbe(httpUrl: string, device: string | undefined): WarmUp {
  return { clientIds: device === undefined ? [] : [device], echo: false, url: `${httpUrl}/`, requests: 1 }
}

/**
 * Connects and fetches a few times before the first device does: the libraries load parts of themselves and are compiled at first use, which
 * would make the first devices late. It also shows that the cloud is reachable from this thread.
 */
export async function warmUp(mqtt: MqttTransport, http: HttpTransport, { clientIds, echo, url, requests }: WarmUp): Promise<void> {
  await Promise.all(
    clientIds.map(async (clientId) => {
      const failure = await connectOnce(mqtt, clientId, echo)
      if (failure !== undefined) throw new Error(`the cloud's MQTT door can't be reached: ${failure}`)
      for (let i = 0; i < requests; i++) await fetchOnce(http, url)
    }),
  )
}

/** Why a device can't connect, even after a while; undefined when it can. */
export async function whyUnreachable(mqtt: MqttTransport, clientId: string): Promise<string | undefined> {
  for (let tries = 1; ; tries++) {
    const failure = await connectOnce(mqtt, clientId, false)
    if (failure === undefined || tries === PATIENCE.tries) return failure
    await wait(PATIENCE.waitMs)
  }
}

/** Why it did not work, or undefined. */
function connectOnce(mqtt: MqttTransport, clientId: string, echo: boolean): Promise<string | undefined> {
  return new Promise((resolve) => {
    const topic = `fleetsim/probe/${clientId}`
    const done = () => {
      connection.disconnect()
      resolve(undefined)
    }
    const connection = mqtt.connect(
      { clientId, clean: true, keepAliveSeconds: 60 },
      {
        onConnected: () => (echo ? connection.subscribe([{ filter: topic, qos: 1 }]) : done()),
        onSubscribed: () => connection.publish(topic, '{}', 1),
        onPublished() {},
        onMessage: done,
        onClosed: resolve,
      },
    )
  })
}

/** Any answer will do. */
function fetchOnce(http: HttpTransport, url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    http.request(
      { url, headers: {} },
      { onResponse: () => resolve(), onFailed: (reason) => reject(new Error(`the cloud's HTTP door can't be reached: ${reason}`)) },
    )
  })
}

import type { CloudOptions } from '../../../src/cloud/cloud.ts'
import { MemoryDoor } from '../../../src/cloud/mqtt/memory-door.ts'
import type { MqttConnection } from '../../../src/ports/mqtt.ts'
import { json, newWorld, type World } from '../http/world.ts'

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** `data` of the body, or the whole body where there is none. */
  readonly data: any
}

/** A cloud with a client of the OLT platform that may do everything, and an MQTT door. */
export class OltWorld {
  readonly world: World
  readonly door: MemoryDoor

  constructor(options: Partial<CloudOptions> = {}) {
    this.world = newWorld(options)
    this.door = new MemoryDoor(this.world.cloud)
  }

  token(grant: object = {}): string {
    const response = this.world.raw('POST', '/_fleetsim/olt/tokens', { 'x-fleetsim-peer': 'loopback' }, Buffer.from(JSON.stringify(grant)))
    return json(response)['token'] as string
  }

  call(method: string, path: string, body?: object, token = this.token()): Answer {
    const bytes = body instanceof Uint8Array ? body : Buffer.from(body ? JSON.stringify(body) : '')
    const type = body instanceof Uint8Array ? 'application/octet-stream' : 'application/json'
    const { status, headers, body: text } = this.world.raw(method, `/v1${path}`, { authorization: `Bearer ${token}`, 'content-type': type }, bytes)
    const parsed = text.length > 0 ? (JSON.parse(String(text)) as { data?: unknown }) : undefined
    return { status, headers, data: parsed && 'meta' in parsed ? parsed : (parsed?.data ?? parsed) }
  }

  /** A firmware with this blob. */
  firmware(blob: Uint8Array, fields: object = {}): string {
    const { id } = this.call('POST', '/firmwares', { name: 'app', version: '1.0.1', ...fields }).data
    this.call('POST', `/firmwares/${id}/blob`, blob)
    return id
  }

  deviceType(...slots: string[]): string {
    return this.call('POST', '/device-types', { name: 'lamp', slots: Object.fromEntries(slots.map((slot) => [slot, { name: slot }])) }).data.id
  }

  device(deviceTypeId: string, id: string, connectedBy?: string): Answer {
    return this.call('POST', '/devices', { id, info: { name: id, deviceTypeId, connectedBy, aliases: [`mac-${id}`] } })
  }

  /** What this client hears on these topics from now on, as `topic` and parsed payload. */
  hears(clientId: string, ...filters: string[]): { connection: MqttConnection; messages: [string, any][] } {
    const messages: [string, any][] = []
    const connection = this.door.connect(
      { clientId, clean: true, keepAliveSeconds: 60 },
      {
        onConnected() {},
        onSubscribed() {},
        onPublished() {},
        onMessage: (topic, payload) => messages.push([topic, JSON.parse(String(payload))]),
        onClosed() {},
      },
    )
    connection.subscribe(filters.map((filter) => ({ filter, qos: 1 })))
    return { connection, messages }
  }
}

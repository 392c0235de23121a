import type { Payload } from '../../ports/mqtt.ts'
import type { Cloud } from '../cloud.ts'
import { Blobs } from './blobs.ts'
import { ingest } from './data-ingest.ts'
import { actionMessage, installationMessage } from './instructions.ts'
import { Kept } from './kept.ts'
import { noAccess, noDevice } from './olt-error.ts'
import type { Association, Device, DeviceType, Firmware, Installation } from './records.ts'
import { Tokens } from './tokens.ts'

/** Reference §3.2: a firmware without a blob becomes invalid. */
const VALID_WITHOUT_BLOB_MS = 5 * 60_000

type OltCloud = Pick<Cloud, 'clock' | 'objects' | 'bus' | 'store' | 'options'>

/**
 * The OLT platform (OSRAM Lightelligence): firmwares with their blobs, device types with slots, devices behind gateways, and installations of
 * firmware into slots (devices.md §3). Differs from the real one: a device may be created with an id of one's own.
 */
export class OltPlatform {
  readonly tokens: Tokens
  readonly blobs: Blobs
  readonly firmwares: Kept<Firmware>
  readonly deviceTypes: Kept<DeviceType>
  readonly devices: Kept<Device>
  readonly installations: Kept<Installation>
  readonly associations: Kept<Association>
  readonly #cloud: OltCloud
  /** By device, oldest first. */
  readonly #installationsOf = new Map<string, Installation[]>()
  #actions = 0

  constructor(cloud: OltCloud) {
    this.#cloud = cloud
    this.tokens = new Tokens(cloud.options.credentials.secretAccessKey)
    this.blobs = new Blobs(cloud.objects)
    this.firmwares = new Kept('firmware', cloud.store)
    this.deviceTypes = new Kept('device-type', cloud.store)
    this.devices = new Kept('device', cloud.store)
    this.installations = new Kept('installation', cloud.store)
    this.associations = new Kept('association', cloud.store)
    for (const installation of this.installations.values()) this.#index(installation)
  }

  now(): number {
    return this.#cloud.clock.now()
  }

  /** `https://api.lightelligence.io/v1` of the real one. */
  get baseUrl(): string {
    return `${this.#cloud.options.url}/v1`
  }

  isValid({ size, createdAt }: Firmware): boolean {
    return size !== null || this.now() < createdAt + VALID_WITHOUT_BLOB_MS
  }

  /** Throws OltError 403 for one that is not there, or not any more. */
  firmware(id: string): Firmware {
    const firmware = this.firmwares.get(id)
    if (!firmware || !this.isValid(firmware)) throw noAccess(`firmware ${id}`)
    return firmware
  }

  /** Throws OltError 404. */
  device(id: string): Device {
    const device = this.devices.get(id)
    if (!device) throw noDevice(`device ${id}`)
    return device
  }

  /** Of a device, oldest first. */
  installationsOf(deviceId: string): readonly Installation[] {
    return this.#installationsOf.get(deviceId) ?? []
  }

  /** Makes an installation and sends the device its instruction. */
  install(device: Device, firmware: Firmware, slot: string): Installation {
    const made = { deviceId: device.id, firmwareId: firmware.id, slot, requestedAt: this.now() }
    const installation = this.installations.add((id, serial) => ({ id, serial, ...made }))
    this.#index(installation)
    this.#tell(device, installationMessage(this, device, firmware, installation))
    return installation
  }

  /** Sends an action; returns its id. */
  act(device: Device, action: string, payload: unknown): string {
    this.#actions += 1
    const actionId = `${device.id}-action-${this.#actions}`
    this.#tell(device, actionMessage(device, actionId, action, payload))
    return actionId
  }

  /** Tells a device its configuration, as it was asked to be. */
  configure(device: Device, configuration: Readonly<Record<string, unknown>>): void {
    this.#publish(device, 'configuration', JSON.stringify({ deviceId: device.id, configuration }))
  }

  /** What a client published to `data-ingest`. */
  ingest(clientId: string, payload: Payload): void {
    ingest(this, clientId, payload)
  }

  reset(): void {
    for (const kept of [this.firmwares, this.deviceTypes, this.devices, this.installations, this.associations]) kept.clear()
    this.#installationsOf.clear()
    this.#actions = 0
  }

  #index(installation: Installation): void {
    const known = this.#installationsOf.get(installation.deviceId)
    if (known) known.push(installation)
    else this.#installationsOf.set(installation.deviceId, [installation])
  }

  #tell(device: Device, message: object): void {
    this.#publish(device, 'actions', JSON.stringify(message))
  }

  /** A gateway receives for every device that it connects, on topics of its own; which device is meant, the message says. */
  #publish({ id, info }: Device, topic: 'actions' | 'configuration', payload: string): void {
    for (const receiver of info.connectedBy === undefined ? [id] : [id, info.connectedBy]) {
      const full = `devices/${receiver}/${topic}`
      if (this.#cloud.bus.wanted(full)) this.#cloud.bus.publish(full, payload)
    }
  }
}

/** What the platform keeps, as plain data. Times are milliseconds since the epoch; `serial` says what was made first. */

export interface Firmware {
  readonly id: string
  readonly serial: number
  readonly name: string
  readonly description: string | null
  readonly version: string | null
  readonly createdAt: number
  updatedAt: number
  /** Of its blob; null as long as it has none. */
  size: number | null
  /** Multihashes in hex. */
  hashes: readonly string[]
}

export interface DeviceType {
  readonly id: string
  readonly serial: number
  /** As it was created: name, manufacturer, model, schema and so on. */
  readonly members: Readonly<Record<string, unknown>>
  readonly slots: Readonly<Record<string, unknown>>
  readonly createdAt: number
}

export interface Device {
  readonly id: string
  readonly serial: number
  readonly info: DeviceInfo
  readonly createdAt: number
  /** What the device told of itself, by the `type` of `data-ingest`; absent as long as it said nothing. */
  attributes?: Readonly<Record<string, unknown>>
  configuration?: Readonly<Record<string, unknown>>
}

interface DeviceInfo {
  readonly name: string
  readonly deviceTypeId: string
  /** Id of its gateway. */
  readonly connectedBy?: string | undefined
  readonly aliases: readonly string[]
}

export interface Installation {
  readonly id: string
  readonly serial: number
  readonly deviceId: string
  readonly firmwareId: string
  readonly slot: string
  readonly requestedAt: number
  startedAt?: number
  completedAt?: number
  rejectedAt?: number
  rejectReason?: string
}

export interface Association {
  readonly id: string
  readonly serial: number
  readonly deviceTypeId: string
  readonly slot: string
  readonly firmwareId: string
  readonly createdAt: number
}

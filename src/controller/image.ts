import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { crc32 } from 'node:zlib'
import { UserError } from '../errors.ts'
import type { DeviceKind } from '../ports/fleet.ts'
import { Random } from '../random.ts'
import type { Scenario } from '../scenario/scenario.ts'
import type { ImageConfig } from '../scenario/schema.ts'

/** MCUboot's image magic 0x96f3b83d as it lies in flash: an nRF tracker wants it in the first fragment (devices.md §1.4). */
const MCUBOOT_MAGIC = Uint8Array.of(0x3d, 0xb8, 0xf3, 0x96)
/** The first byte of an ESP32 application image: all that the Arduino updater of a Data Gator looks at (devices.md §2.4). */
const ESP_MAGIC = Uint8Array.of(0xe9)

/** Update bundles of an embedded Linux have no header that anybody looks at. */
const MAGIC: Readonly<Partial<Record<DeviceKind, Uint8Array>>> = {
  tracker: MCUBOOT_MAGIC,
  'data-gator': ESP_MAGIC,
  'scarecro-gateway': ESP_MAGIC,
  'freertos-ota': ESP_MAGIC,
}

export interface Image {
  readonly name: string
  readonly version: string
  readonly bytes: Uint8Array
  readonly crc32: number
  /** Whether the bytes come from a file of the user's: those are published as they are. */
  readonly fromFile: boolean
}

/** An image as the devices of one kind get it, and where it lies in the bucket. */
export interface PublishedImage extends Image {
  readonly kind: DeviceKind
  /** `<name>/<version>/<kind>.bin` */
  readonly key: string
}

/** Every image of the scenario by name. Bytes depend on seed, name and version only; UserError 100 when a file can't be read. */
export function loadImages(scenario: Scenario, seed: number): Map<string, Image> {
  const images = new Map<string, Image>()
  for (const [name, config] of Object.entries(scenario.images)) {
    const fromFile = 'file' in config
    const bytes = fromFile ? readImage(scenario.path, name, config.file) : randomBytes(seed, name, config)
    images.set(name, { name, version: config.version, bytes, crc32: crc32(bytes), fromFile })
  }
  return images
}

/** The image with the header that the boot loader of this kind of device looks for. The version is nowhere in the bytes. */
export function imageFor(image: Image, kind: DeviceKind): PublishedImage {
  const key = `${image.name}/${image.version}/${kind}.bin`
  if (image.fromFile) return { ...image, kind, key }
  const bytes = image.bytes.slice()
  bytes.set(MAGIC[kind]?.subarray(0, bytes.length) ?? [])
  return { ...image, bytes, crc32: crc32(bytes), kind, key }
}

function readImage(scenarioPath: string, name: string, file: string): Uint8Array {
  const path = resolve(dirname(scenarioPath), file)
  try {
    return readFileSync(path)
  } catch (cause) {
    throw new UserError(`image ${name}: ${path} can't be read: ${cause instanceof Error ? cause.message : String(cause)}`, 100, { cause })
  }
}

function randomBytes(seed: number, name: string, { version, size }: Extract<ImageConfig, { size: number }>): Uint8Array {
  const random = new Random(seed, 0, `image ${name} ${version}`)
  const words = new DataView(new ArrayBuffer(Math.ceil(size / 4) * 4))
  for (let at = 0; at < size; at += 4) words.setInt32(at, random.bits(), true)
  return new Uint8Array(words.buffer, 0, size)
}

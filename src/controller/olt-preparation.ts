import { deviceName, type FleetGroup } from '../ports/fleet.ts'
import { UserError } from '../errors.ts'
import { imageFor, loadImages } from './image.ts'
import { OltClient } from './olt-client.ts'
import type { ControllerOptions } from './options.ts'
import type { Resources } from './resources.ts'
import { gatewaysOf } from './targets.ts'

/** What is on the OLT platform before the first rollout. */
export interface OltPreparation {
  readonly client: OltClient
  /** Ids by index of the rollout: each has a firmware of its own. */
  readonly firmwares: ReadonlyMap<number, string>
}

/**
 * Creates device types with slots, gateways, and the devices that they connect; a firmware with its blob for each rollout. Undefined when no group
 * of the fleet is of the platform. The ids of devices are the names of the fleet, which MQTT topics and client ids are made of.
 */
export async function prepareOlt(options: ControllerOptions, resources: Resources): Promise<OltPreparation | undefined> {
  const groups = options.fleet.groups.filter(({ kind }) => kind === 'olt-device')
  if (groups.length === 0) return undefined
  if (!options.olt) throw new UserError('this cloud has no OLT platform: only the embedded one has', 100)
  const client = new OltClient(options.olt)
  resources.olt = client
  for (const group of groups) await createDevices(options, client, group)
  const firmwares = new Map<number, string>()
  for (const [index, rollout] of options.scenario.rollouts.entries()) {
    if ('oltInstallation' in rollout) firmwares.set(index, await createFirmware(options, resources, client, rollout.oltInstallation.image))
  }
  return { client, firmwares }
}

async function createDevices({ scenario, fleet, signal }: ControllerOptions, client: OltClient, group: FleetGroup): Promise<void> {
  const config = scenario.fleet[group.name]!
  if (config.kind !== 'olt-gateway') throw new TypeError(`${group.name} is of ${config.kind}`)
  const gateways = gatewaysOf(fleet, group)
  const slots = Object.fromEntries(config.slots.map((slot) => [slot, { name: slot }]))
  const gatewayType = await createType(client, gateways.name, {})
  const deviceType = await createType(client, group.name, slots)
  const create = (name: string, info: object) =>
    client.call('CreateDevice', 'POST', '/devices', { id: name, info: { name, aliases: [name], ...info } })
  for (let at = gateways.first; at < gateways.first + gateways.count; at++) {
    signal.throwIfAborted()
    await create(deviceName(gateways, at), { deviceTypeId: gatewayType })
  }
  for (let number = 0; number < group.count; number++) {
    signal.throwIfAborted()
    // As the devices are shared out among their gateways: evenly, in order.
    const gateway = gateways.first + Math.floor((number * gateways.count) / group.count)
    await create(deviceName(group, group.first + number), { deviceTypeId: deviceType, connectedBy: deviceName(gateways, gateway) })
  }
}

async function createType(client: OltClient, name: string, slots: object): Promise<string> {
  const { id } = await client.call<{ id: string }>('CreateDeviceType', 'POST', '/device-types', { name, manufacturer: 'fleetsim', slots })
  return id
}

async function createFirmware(
  { scenario, clock, now0, emit }: ControllerOptions,
  resources: Resources,
  client: OltClient,
  name: string,
): Promise<string> {
  const { version, bytes, crc32 } = imageFor(loadImages(scenario, scenario.seed).get(name)!, 'olt-device')
  const { id } = await client.call<{ id: string }>('CreateFirmware', 'POST', '/firmwares', { name, version })
  resources.oltFirmwares.add(id)
  await client.call('AttachBlob', 'POST', `/firmwares/${id}/blob`, bytes)
  const { size } = await client.call<{ size: number }>('GetFirmware', 'GET', `/firmwares/${id}`)
  if (size !== bytes.length) throw new UserError(`image ${name}: ${bytes.length} bytes uploaded, but the OLT platform has ${size}`, 97)
  emit({ at: clock.now() - now0, type: 'image-uploaded', image: name, version, bytes: bytes.length, crc32 })
  return id
}

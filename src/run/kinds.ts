import { dataGator } from '../devices/data-gator/data-gator.ts'
import { gatorFlash } from '../devices/data-gator/flash.ts'
import type { Firmware, Hardware, ImageRecord } from '../devices/firmware.ts'
import { fieldDevice } from '../devices/olt-gateway/field-device.ts'
import { fieldFlash, oltGatewayFlash } from '../devices/olt-gateway/flash.ts'
import { oltGateway } from '../devices/olt-gateway/olt-gateway.ts'
import { freertosOtaFlash } from '../devices/freertos-ota/flash.ts'
import { freertosOta } from '../devices/freertos-ota/freertos-ota.ts'
import { gatewayFlash, scarecroGateway } from '../devices/scarecro-gateway/scarecro-gateway.ts'
import { trackerFlash } from '../devices/tracker/flash.ts'
import { tracker } from '../devices/tracker/tracker.ts'
import { upparatFlash } from '../devices/upparat/flash.ts'
import { upparat } from '../devices/upparat/upparat.ts'
import type { LinkConfig } from '../network/config.ts'
import { pluginFlash } from '../plugins/flash.ts'
import { deviceName, type Fleet, type FleetGroup } from '../ports/fleet.ts'
import type { Scenario } from '../scenario/scenario.ts'
import { gatewayGroup, gatewayOf } from './plan.ts'
import type { Plugins } from './plugins.ts'
import type { KnownDevice } from './shard.ts'

/** SCARECRO is no firmware of a microcontroller and is not what these rollouts update. */
const GATEWAY_VERSION = '1.0.0'

/** How the devices of one group are built. */
export interface Kind {
  readonly link: LinkConfig
  /** First connections are spread evenly over this time, in milliseconds. */
  readonly connectOverMs: number
  readonly version: string
  /** Fresh flash, or what is known of it from before. */
  flash(running: ImageRecord, known: Pick<KnownDevice, 'pending' | 'busy'> | undefined): unknown
  /** `device` is the number within the group. */
  program(device: number): (hardware: Hardware<any>) => Firmware
}

export function kindOf(scenario: Scenario, fleet: Fleet, group: FleetGroup, plugins: Plugins): Kind {
  if (group.kind === 'scarecro-gateway' || group.kind === 'olt-gateway') return gatewayKind(scenario, group)
  const config = scenario.fleet[group.name]!
  const common = { link: config.link, connectOverMs: config.connect.over, version: config.firmware }
  switch (config.kind) {
    case 'tracker': {
      const program = tracker(config)
      return {
        ...common,
        flash: (running, known) => ({ ...trackerFlash(running), pending: known?.pending, busy: known?.busy ?? false }),
        program: () => program,
      }
    }
    case 'freertos-ota': {
      const program = freertosOta(config)
      return {
        ...common,
        flash: (running, known) => ({ ...freertosOtaFlash(running), pending: known?.pending, busy: known?.busy ?? false }),
        program: () => program,
      }
    }
    case 'upparat': {
      const program = upparat(config)
      return {
        ...common,
        flash: (running, known) => ({ ...upparatFlash(running), pending: known?.pending, busy: known?.busy ?? false }),
        program: () => program,
      }
    }
    case 'plugin': {
      const plugin = plugins.devices.get(group.name)!
      return {
        ...common,
        flash: (running, known) => pluginFlash({ running, pending: known?.pending, busy: known?.busy ?? false }, plugin.flash()),
        program: () => plugin.program,
      }
    }
    case 'olt-gateway': {
      const gateways = fleet.groups.find(({ name }) => name === gatewayGroup(group.name))!
      return {
        ...common,
        flash: (running, known) => fieldFlash(running, known?.pending),
        program: (device) => fieldDevice(config, deviceName(gateways, gateways.first + gatewayOf(config, device))),
      }
    }
    case 'data-gator': {
      const gateways = fleet.groups.find(({ name }) => name === gatewayGroup(group.name))!
      return {
        ...common,
        flash: (running, known) => ({ ...gatorFlash(running), pending: known?.pending, busy: known?.busy ?? false }),
        program: (device) => dataGator(config, deviceName(gateways, gateways.first + gatewayOf(config, device))),
      }
    }
  }
}

function gatewayKind(scenario: Scenario, group: FleetGroup): Kind {
  const [, served] = Object.entries(scenario.fleet).find(([name]) => gatewayGroup(name) === group.name)!
  if (!('gateways' in served)) throw new TypeError(`${group.name} serves ${served.kind}`)
  const { link, connect } = served.gateway
  const common = { link, connectOverMs: connect.over, version: GATEWAY_VERSION }
  if (served.kind === 'olt-gateway') {
    const program = oltGateway(served.gateway)
    return { ...common, flash: oltGatewayFlash, program: () => program }
  }
  const program = scarecroGateway(served.gateway)
  return { ...common, flash: gatewayFlash, program: () => program }
}

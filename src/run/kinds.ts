import { trackerFlash } from '../devices/tracker/flash.ts'
import { tracker } from '../devices/tracker/tracker.ts'
import type { Firmware, Hardware, ImageRecord } from '../devices/firmware.ts'
import type { LinkConfig } from '../network/config.ts'
import type { FleetGroup } from '../ports/fleet.ts'
import type { Scenario } from '../scenario/scenario.ts'

/** How the devices of one group are built. */
export interface Kind {
  readonly link: LinkConfig
  /** First connections are spread evenly over this time, in milliseconds. */
  readonly connectOverMs: number
  readonly version: string
  flash(running: ImageRecord, pending: ImageRecord | undefined): unknown
  /** `device` is the index within the group. */
  program(device: number): (hardware: Hardware<any>) => Firmware
}

export function kindOf(scenario: Scenario, group: FleetGroup): Kind {
  const config = scenario.fleet[group.name]!
  if (config.kind !== 'tracker') throw new Error('no such kind yet')
  const program = tracker(config)
  return {
    link: config.link,
    connectOverMs: config.connect.over,
    version: config.firmware,
    flash: (running, pending) => ({ ...trackerFlash(running), pending, busy: pending !== undefined }),
    program: () => program,
  }
}

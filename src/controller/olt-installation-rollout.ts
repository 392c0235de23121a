import { deviceName } from '../ports/fleet.ts'
import type { ExecutionStatus } from '../ports/events.ts'
import type { OltInstallationConfig, RolloutConfig } from './config.ts'
import { InstallationLedger, type RequestedInstallation } from './installation-ledger.ts'
import type { OltClient } from './olt-client.ts'
import type { OltPreparation } from './olt-preparation.ts'
import type { ControllerOptions, RolloutEnd } from './options.ts'
import { pollMs, reached } from './pace.ts'
import { sizeOf, targetGroups } from './targets.ts'

const MINUTE_MS = 60_000
/** Installations that one look asks for: the platform has no list over all devices. */
const LOOKS = 500

export type OltInstallationRollout = Extract<RolloutConfig, { oltInstallation: OltInstallationConfig }>

/**
 * A rollout on the OLT platform: it has neither schedule nor pace, so the controller asks for one installation after the other, then looks until
 * every one of them has ended or the deadline has come. There is no cancel in the API: when the run is stopped, no more are asked for.
 */
export async function rollOutInstallation(
  options: ControllerOptions,
  { client, firmwares }: OltPreparation,
  index: number,
  { oltInstallation }: OltInstallationRollout,
): Promise<RolloutEnd> {
  const { clock, emit, fleet, now0 } = options
  const at = () => clock.now() - now0
  const update = firmwares.get(index)!
  const ledger = new InstallationLedger()
  const targets = sizeOf(targetGroups(fleet, oltInstallation.targets))
  emit({ at: at(), type: 'rollout-started', rollout: index, update, targets })

  await requestAndFollow(options, client, oltInstallation, update, ledger, () => {
    emit({ at: at(), type: 'rollout-progress', rollout: index, status: 'IN_PROGRESS', counts: ledger.counts })
  })
  const isOver = ledger.all().length === targets && ledger.openCount === 0
  const status = isOver ? 'COMPLETED' : options.signal.aborted ? 'IN_PROGRESS' : 'TIMED_OUT'
  if (status === 'TIMED_OUT') ledger.timeOut()
  for (const { device, status: last } of ledger.all()) emit({ at: at(), type: 'execution', rollout: index, device, status: last, attempts: 1 })
  const end = { rollout: index, status, counts: ledger.counts }
  emit({ at: at(), type: 'rollout-finished', ...end })
  return { ...end, update }
}

/** Asks for each installation when it is its turn, and looks at those that are open, until all have ended, the deadline, or a stop. */
async function requestAndFollow(
  { clock, signal, fleet }: ControllerOptions,
  client: OltClient,
  { targets, slot, perMinute, deadline }: OltInstallationConfig,
  firmwareId: string,
  ledger: InstallationLedger,
  tell: () => void,
): Promise<void> {
  const startedAt = clock.now()
  const endAt = startedAt + deadline
  const devices = targetGroups(fleet, targets).flatMap((group) =>
    Array.from({ length: group.count }, (_, number) => ({ device: group.first + number, name: deviceName(group, group.first + number) })),
  )
  const turnOf = (turn: number) => (turn < devices.length ? startedAt + (turn * MINUTE_MS) / perMinute : Infinity)
  let requested = 0
  let lookAt = startedAt
  while (!signal.aborted) {
    for (; turnOf(requested) <= clock.now() && clock.now() < endAt && !signal.aborted; requested++) {
      const { device, name } = devices[requested]!
      const installation = await client.call<{ id: string }>('CreateFirmwareInstallation', 'POST', pathOf(name), { firmwareId, slot })
      ledger.requested(device, name, installation.id)
    }
    if (clock.now() >= lookAt || clock.now() >= endAt) {
      await ledger.look(LOOKS, (installation) => statusOf(client, installation))
      tell()
      lookAt = clock.now() + pollMs(clock.now() - startedAt)
    }
    if ((requested === devices.length && ledger.openCount === 0) || clock.now() >= endAt) return
    await reached(clock, Math.min(turnOf(requested), lookAt, endAt), signal)
  }
}

/** What is installed is in the list of the latest; how the others stand, their timestamps tell. */
async function statusOf(client: OltClient, { name, id }: RequestedInstallation): Promise<ExecutionStatus> {
  const latest = await client.call<readonly { id: string }[]>('ListFirmwareInstallations', 'GET', `${pathOf(name)}?latestOnly=true`)
  if (latest.some((installation) => installation.id === id)) return 'SUCCEEDED'
  const times = await client.call<Timestamps>('GetFirmwareInstallation', 'GET', `${pathOf(name)}/${id}`)
  // Installed, and something newer after it.
  if (times.completedAt !== undefined) return 'SUCCEEDED'
  if (times.rejectedAt !== undefined) return 'REJECTED'
  return times.startedAt === undefined ? 'QUEUED' : 'IN_PROGRESS'
}

interface Timestamps {
  readonly startedAt?: string
  readonly completedAt?: string
  readonly rejectedAt?: string
}

function pathOf(device: string): string {
  return `/devices/${device}/firmware-installations`
}

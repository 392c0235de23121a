import { join } from 'node:path'
import { ScaledClock, wallNow } from '../clock/scaled.ts'
import { Manifest, MANIFEST_FILE } from '../controller/manifest.ts'
import { type DeviceCertificate, Provisioning } from '../controller/provision.ts'
import { removeResources } from '../controller/remove-resources.ts'
import { UserError } from '../errors.ts'
import { deviceName, type Fleet, groupOf } from '../ports/fleet.ts'
import { PacketTransport } from '../transport/packet/packet-transport.ts'
import { type Account, sleep } from './account.ts'
import { FleetPool, type FleetPoolOptions } from './fleet-pool.ts'
import type { Plan, ShardRange } from './plan.ts'
import { addressFor } from './broker-address.ts'
import { oneProbe, whyUnreachable } from './warm-up.ts'
import type { CloudDoors } from './worker-protocol.ts'
import type { World } from './world.ts'

export interface AwsWorldOptions extends FleetPoolOptions {
  readonly account: Account
  /** The results of the run: the list of what it makes goes there. */
  readonly directory: string
}

/**
 * Real connections from worker threads to an account of AWS, or to a cloud that behaves like one, in real time. Things, certificates and a policy are
 * made for the run and removed after it; setting up and tearing down are no part of the run's time.
 */
export function awsWorld(options: AwsWorldOptions): World {
  const { account, plan } = options
  const { clients, certificates, runId } = account
  const clock = ScaledClock.waiting(1, wallNow())
  const fleet = new FleetPool(options, clock)
  const manifest = new Manifest(join(options.directory, MANIFEST_FILE), runId, account.place)
  const note = manifest.note.bind(manifest)
  const provisioning = new Provisioning({ iot: clients.iot, region: clients.region, runId, certificates, note })

  return {
    clock,
    get startMs() {
      return fleet.startMs
    },
    clients,
    address: account.address,
    account: { prefix: account.prefix, note },
    roleArn: account.roleArn,
    olt: undefined,
    registerThings: (group, things, signal) => provisioning.register(group, things, signal),
    removeThings: () => removeResources({ clients, sleep }, provisioning.made),
    presign: (bucket, key, expiresInSec) => clients.presign(bucket, key, expiresInSec),
    play: (story) => story(),
    signingKey: async () => undefined,
    async startFleet(published, onFailed, codeSigners) {
      const shared = await provisioning.sharedCertificate()
      const doors = (ranges: readonly ShardRange[]) => doorsOf(account, plan, shared ? { shared } : { own: provisioning.ownCertificates }, ranges)
      await tryOut(doors(plan.fleet.groups.map(({ name, first, count }) => ({ group: name, first, count }))))
      await fleet.start({ published, certificates: codeSigners }, (_worker, ranges) => doors(ranges), onFailed, wallNow)
    },
    stopFleet: () => fleet.stop(),
    health: () => fleet.health(),
    async close() {
      clients.destroy()
      clock.stop()
    },
  }
}

type Certificates = NonNullable<CloudDoors['certificates']>

/** How the devices of these ranges reach the account; of many certificates they get their own. */
function doorsOf(account: Account, { fleet }: Plan, certificates: Certificates, ranges: readonly ShardRange[]): CloudDoors {
  const { mqtt, ca, s3Url } = account
  // Data Gators speak to their gateway only.
  const [online] = ranges.filter(({ group }) => fleet.groups.some(({ name, kind }) => name === group && kind !== 'data-gator'))
  return {
    ...mqtt,
    ...(account.certificates !== 'none' && {
      certificates: 'shared' in certificates ? certificates : { own: ownOf(certificates.own, fleet, ranges) },
    }),
    ...(ca !== undefined && { ca }),
    probe: oneProbe(s3Url, online && nameOf(fleet, online.first)),
  }
}

function ownOf(all: ReadonlyMap<string, DeviceCertificate>, fleet: Fleet, ranges: readonly ShardRange[]): Map<string, DeviceCertificate> {
  const own = new Map<string, DeviceCertificate>()
  for (const { first, count } of ranges) {
    for (let device = first; device < first + count; device++) own.set(nameOf(fleet, device), all.get(nameOf(fleet, device))!)
  }
  return own
}

function nameOf(fleet: Fleet, device: number): string {
  return deviceName(groupOf(fleet, device), device)
}

/** The first device connects once before any worker starts: UserError 97 when the broker won't have it. */
async function tryOut(doors: CloudDoors): Promise<void> {
  const [device] = doors.probe.clientIds
  if (device === undefined) return
  const failure = await whyUnreachable(new PacketTransport((clientId) => addressFor(doors, clientId)), device)
  if (failure !== undefined) throw new UserError(`devices can't connect to the broker ${doors.host}:${doors.port}: ${failure}`, 97)
}

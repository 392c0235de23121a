import { join } from 'node:path'
import { ScaledClock, wallNow } from '../clock/scaled.ts'
import { Manifest, MANIFEST_FILE } from '../controller/manifest.ts'
import { Provisioning } from '../controller/provision.ts'
import { removeResources } from '../controller/remove-resources.ts'
import { UserError } from '../errors.ts'
import { deviceName, groupOf } from '../ports/fleet.ts'
import { MqttJsTransport } from '../transport/mqttjs.ts'
import { type Account, sleep } from './account.ts'
import { FleetPool, type FleetPoolOptions } from './fleet-pool.ts'
import type { ShardRange } from './plan.ts'
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
  const { clients, certificates, ca, runId } = account
  const clock = ScaledClock.waiting(1, wallNow())
  const fleet = new FleetPool(options, clock)
  const manifest = new Manifest(join(options.directory, MANIFEST_FILE), runId, account.place)
  const note = manifest.note.bind(manifest)
  const provisioning = new Provisioning({ iot: clients.iot, region: clients.region, runId, certificates, note })

  const doorsOf = (shared: Awaited<ReturnType<Provisioning['sharedCertificate']>>) => (_worker: number, ranges: readonly ShardRange[]) => {
    const devices = ranges.flatMap(({ first, count }) => Array.from({ length: count }, (_, i) => nameOf(first + i)))
    const online = ranges.find(({ group }) => plan.fleet.groups.some(({ name, kind }) => name === group && kind !== 'data-gator'))
    const own = () => new Map(devices.flatMap((name) => pairOf(name, provisioning.ownCertificates.get(name))))
    const probe = oneProbe(account.s3Url, online && nameOf(online.first))
    return {
      ...account.mqtt,
      ...(certificates !== 'none' && { certificates: shared ? { shared } : { own: own() } }),
      ...(ca !== undefined && { ca }),
      probe,
    } satisfies CloudDoors
  }
  const nameOf = (device: number) => deviceName(groupOf(plan.fleet, device), device)

  return {
    clock,
    get startMs() {
      return fleet.startMs
    },
    clients,
    address: account.address,
    account: { prefix: account.prefix, note },
    roleArn: account.roleArn,
    registerThings: (group, things, signal) => provisioning.register(group, things, signal),
    removeThings: () => removeResources({ clients, sleep }, provisioning.made),
    presign: (bucket, key, expiresInSec) => clients.presign(bucket, key, expiresInSec),
    play: (story) => story(),
    async startFleet(published, onFailed) {
      const doors = doorsOf(await provisioning.sharedCertificate())
      await tryOut(
        doors(
          0,
          plan.fleet.groups.map(({ name, first, count }) => ({ group: name, first, count })),
        ),
      )
      await fleet.start(published, doors, onFailed, wallNow)
    },
    stopFleet: () => fleet.stop(),
    health: () => fleet.health(),
    async close() {
      clients.destroy()
      clock.stop()
    },
  }
}

/** The first device connects once before any worker starts: UserError 97 when the broker won't have it. */
async function tryOut(doors: CloudDoors): Promise<void> {
  const [device] = doors.probe.clientIds
  if (device === undefined) return
  const failure = await whyUnreachable(new MqttJsTransport((clientId) => addressFor(doors, clientId)), device)
  if (failure !== undefined) throw new UserError(`devices can't connect to the broker ${doors.host}:${doors.port}: ${failure}`, 97)
}

function pairOf<K, V>(key: K, value: V | undefined): [K, V][] {
  return value === undefined ? [] : [[key, value]]
}

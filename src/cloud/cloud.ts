import type { Clock } from '../ports/clock.ts'
import type { CloudRequest } from '../ports/cloud-requests.ts'
import type { OnBug } from './bug.ts'
import { KeyPairPool } from './certificates/key-pairs.ts'
import type { KeyPairs } from './certificates/key-pairs.ts'
import { LocalCa } from './certificates/local-ca.ts'
import type { CloudContext } from './context.ts'
import { EventConfigurations } from './events/event-configurations.ts'
import { HttpDoor } from './http/http-door.ts'
import { LocalIdentities } from './identity/local-identities.ts'
import { JobTemplates } from './job-templates/job-template.ts'
import { JobsEngine } from './jobs/engine.ts'
import type { Limits } from './limits/limits.ts'
import { RetainedMessages } from './messages/retained-messages.ts'
import { MessageBus } from './mqtt/bus.ts'
import { OltPlatform } from './olt/olt-platform.ts'
import { OtaUpdates } from './ota-updates/ota-updates.ts'
import { Registry } from './registry/registry.ts'
import { ObjectStore } from './s3/object-store.ts'
import { DynamicGroups } from './search/dynamic-groups.ts'
import { FleetIndex } from './search/fleet-index.ts'
import { Shadows } from './shadow/shadows.ts'
import { Signing } from './signing/signing.ts'
import type { Store } from './store/store.ts'
import { Streams } from './streams/streams.ts'

const DEFAULT_ACCOUNT = '123456789012'

export interface CloudOptions {
  /** Simulated time: timers, timestamps and presigned URLs live on it. */
  readonly clock: Clock
  /** Wall clock in milliseconds, for the dates of signed requests: real clients sign with real time. */
  readonly wallNow?: () => number
  readonly account?: string
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }
  /** Where clients reach the HTTP door, such as `http://127.0.0.1:4610`; presigned URLs point there, unless `presignedUrls` says otherwise. */
  readonly url: string
  /** `https`: the cloud's own presigned URLs, as those in job documents, point to `tlsEndpoint`, as AWS's always do. `http` if not given. */
  readonly presignedUrls?: 'http' | 'https'
  /** `host:port` of the MQTT door, for DescribeEndpoint. */
  readonly mqttEndpoint: string
  /** `host:port` where devices and signed requests come through TLS, for DescribeEndpoint over TLS. */
  readonly tlsEndpoint?: string | undefined
  /** Told of every request that the cloud answered, for metrics. */
  readonly onRequest?: (request: CloudRequest) => void
  /** Told of every bug in an operation, whose client is answered an internal error; without it, bugs are thrown. */
  readonly onBug?: OnBug
  /** Where the cloud keeps its state; without it, nothing outlives the process. */
  readonly store?: Store
  /** Request rates; without it, none. */
  readonly limits?: Limits
  /** Signs certificates of devices; one that lives as long as the process if not given. */
  readonly ca?: LocalCa
}

/** The embedded AWS-compatible cloud: engines in one thread; its doors (`mqtt/`, `http/`) own the connections and no state. */
export class Cloud implements CloudContext {
  readonly clock: Clock
  readonly wallNow: () => number
  readonly account: string
  readonly options: CloudOptions
  readonly store: Store | undefined
  readonly limits: Limits | undefined
  readonly onBug: OnBug | undefined
  readonly bus: MessageBus
  readonly retained: RetainedMessages
  readonly events: EventConfigurations
  readonly identities: LocalIdentities
  readonly registry: Registry
  readonly objects: ObjectStore
  readonly shadows: Shadows
  readonly fleetIndex: FleetIndex
  readonly jobs: JobsEngine
  readonly dynamicGroups: DynamicGroups
  readonly jobTemplates: JobTemplates
  readonly streams: Streams
  readonly signing: Signing
  readonly otaUpdates: OtaUpdates
  readonly olt: OltPlatform
  readonly http: HttpDoor
  /** Of CreateKeysAndCertificate. */
  readonly keyPairs: KeyPairs = new KeyPairPool()
  #ca: LocalCa | undefined

  constructor(options: CloudOptions) {
    this.options = options
    this.clock = options.clock
    this.wallNow = options.wallNow ?? Date.now
    this.account = options.account ?? DEFAULT_ACCOUNT
    this.store = options.store
    this.limits = options.limits
    this.onBug = options.onBug
    this.bus = new MessageBus(this.store)
    this.retained = new RetainedMessages(this)
    this.events = new EventConfigurations(this)
    this.registry = new Registry(this)
    this.identities = new LocalIdentities(this)
    this.objects = new ObjectStore(this)
    this.shadows = new Shadows(this)
    this.fleetIndex = new FleetIndex(this)
    this.jobs = new JobsEngine(this)
    this.dynamicGroups = new DynamicGroups(this.fleetIndex)
    this.jobTemplates = new JobTemplates(this)
    this.streams = new Streams(this)
    this.signing = new Signing(this)
    this.otaUpdates = new OtaUpdates(this)
    this.olt = new OltPlatform(this)
    this.http = new HttpDoor(this)
  }

  /** Made when it is first needed. */
  get ca(): LocalCa {
    this.#ca ??= this.options.ca ?? LocalCa.inMemory(this.wallNow)
    return this.#ca
  }

  /** Forgets everything, as if just started. Connections stay, with their sessions. */
  reset(): void {
    this.retained.reset()
    this.olt.reset()
    this.otaUpdates.reset()
    this.streams.reset()
    this.signing.reset()
    this.jobs.reset()
    this.jobTemplates.reset()
    this.shadows.reset()
    this.objects.reset()
    this.dynamicGroups.reset()
    this.fleetIndex.reset()
    this.registry.reset()
    this.identities.reset()
    this.events.reset()
    this.store?.clear()
  }
}

import { deviceName, type Fleet } from '../ports/fleet.ts'
import { scarecroTopic } from '../protocol/topics.ts'
import { call } from './call.ts'
import type { FirmwareImageConfig, RolloutConfig } from './config.ts'
import { firmwareFileName, firmwareImageMessage } from './firmware-message.ts'
import type { GatewayReceipts } from './gateway-receipts.ts'
import type { GatorLedger } from './gator-ledger.ts'
import type { PublishedImage } from './image.ts'
import type { ControllerOptions, RolloutEnd } from './options.ts'
import { POLL_MS, reached } from './pace.ts'
import type { Preparation } from './preparation.ts'
import { gatewaysOf, sizeOf, targetGroups } from './targets.ts'

/** How long a gateway may take to begin its download; the longest that AWS signs for a job, too. */
const URL_EXPIRES_IN_SEC = 3600
const MINUTE_MS = 60_000

export type FirmwareImageRollout = Extract<RolloutConfig, { firmwareImage: FirmwareImageConfig }>

/**
 * A SCARECRO rollout: tells one gateway after the other, then waits until every gator of the groups runs the image or the deadline has come.
 * There is no job and no cancel; when the run is stopped, it ends with what is known at that moment.
 */
export async function rollOutFirmwareImage(
  options: ControllerOptions,
  preparation: Preparation,
  index: number,
  { firmwareImage }: FirmwareImageRollout,
  ledger: GatorLedger,
  receipts: GatewayReceipts,
): Promise<RolloutEnd> {
  const { clock, emit, fleet, now0 } = options
  const at = () => clock.now() - now0
  const groups = targetGroups(fleet, firmwareImage.targets)
  const image = preparation.image(firmwareImage.image, 'data-gator')
  const update = firmwareFileName(image.name, image.version)
  emit({ at: at(), type: 'rollout-started', rollout: index, update, targets: sizeOf(groups) })

  await tellAndFollow(options, preparation, firmwareImage, image, ledger, receipts, () => {
    emit({ at: at(), type: 'rollout-progress', rollout: index, status: 'IN_PROGRESS', counts: ledger.counts })
  })
  const status = ledger.settled ? 'COMPLETED' : options.signal.aborted ? 'IN_PROGRESS' : 'TIMED_OUT'
  if (status === 'TIMED_OUT') ledger.timeOut()
  ledger.forEach((device, last, attempts) => emit({ at: at(), type: 'execution', rollout: index, device, status: last, attempts }))
  const end = { rollout: index, status, counts: ledger.counts }
  emit({ at: at(), type: 'rollout-finished', ...end })
  return { ...end, update }
}

/**
 * Publishes to each gateway when it is its turn and looks at the ledger every POLL_MS, until all is settled, the deadline, or a stop. Where the
 * rollout waits for receipts, a turn comes only when the gateway before has confirmed, or has taken too long and is stepped over.
 */
async function tellAndFollow(
  options: ControllerOptions,
  { bucket }: Preparation,
  { targets, gatewaysPerMinute, waitForReceipt, deadline, confirmReceipt }: FirmwareImageConfig,
  image: PublishedImage,
  ledger: GatorLedger,
  receipts: GatewayReceipts,
  look: () => void,
): Promise<void> {
  const { clock, fleet, signal } = options
  const gateways = gatewayDevices(fleet, targets)
  const startedAt = clock.now()
  const endAt = startedAt + deadline
  let told = 0
  let toldAt = -Infinity
  const turn = () => {
    if (told >= gateways.length) return Infinity
    const paced = startedAt + (told * MINUTE_MS) / gatewaysPerMinute
    if (waitForReceipt === undefined || told === 0 || receipts.has(gateways[told - 1]!.device)) return paced
    return Math.max(paced, toldAt + waitForReceipt)
  }
  let lookAt = startedAt
  while (!signal.aborted) {
    for (; turn() <= clock.now() && clock.now() < endAt; told++) {
      toldAt = clock.now()
      await tellGateway(options, bucket, image, gateways[told]!.name, confirmReceipt)
    }
    if (clock.now() >= lookAt) {
      look()
      lookAt = clock.now() + POLL_MS
    }
    if (ledger.settled || clock.now() >= endAt) return
    await reached(clock, Math.min(turn(), lookAt, endAt), signal)
  }
}

async function tellGateway(
  { clients, clock, presign, runId }: ControllerOptions,
  bucket: string,
  image: PublishedImage,
  gateway: string,
  confirmReceipt: boolean,
): Promise<void> {
  const url = await presign(bucket, image.key, URL_EXPIRES_IN_SEC)
  const message = firmwareImageMessage(image, url, `${runId}-${gateway}`, clock.now(), confirmReceipt)
  const topic = scarecroTopic(gateway, 'firmware_image')
  await call('Publish', clients.data.publish({ topic, qos: 1, payload: Buffer.from(JSON.stringify(message)) }))
}

/** In the order in which they are told. */
function gatewayDevices(fleet: Fleet, targets: readonly string[]): { device: number; name: string }[] {
  return targetGroups(fleet, targets)
    .map((gators) => gatewaysOf(fleet, gators))
    .flatMap((group) =>
      Array.from({ length: group.count }, (_, number) => group.first + number).map((device) => ({ device, name: deviceName(group, device) })),
    )
}

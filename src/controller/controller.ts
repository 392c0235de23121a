import type { DeviceEvent } from '../ports/events.ts'
import { cleanUpCloud } from './clean-up.ts'
import { CodeSigners } from './code-signers.ts'
import { noCounts } from './counts.ts'
import { rollOutFirmwareImage } from './firmware-image-rollout.ts'
import { checkGatorVersion, firmwareFileName } from './firmware-message.ts'
import { GatewayReceipts } from './gateway-receipts.ts'
import { GatorLedger } from './gator-ledger.ts'
import { rollOutJob } from './job-rollout.ts'
import { rollOutInstallation } from './olt-installation-rollout.ts'
import { type OltPreparation, prepareOlt } from './olt-preparation.ts'
import type { ControllerOptions, RolloutEnd } from './options.ts'
import { rollOutOtaUpdate } from './ota-update-rollout.ts'
import { reached } from './pace.ts'
import { prepareCloud, type Preparation } from './preparation.ts'
import { cancelJob, otaJobId } from './remove-job.ts'
import { Resources } from './resources.ts'
import { gatewaysOf, targetGroups } from './targets.ts'

/**
 * What an operator does, through AWS SDK clients only: uploads images, makes groups, starts rollouts, watches them, cancels, cleans up.
 * Every method waits by nothing but SDK calls and the clock's `sleep`, one at a time: in virtual time each call of a method is one actor.
 */
export class Controller {
  readonly #options: ControllerOptions
  readonly #resources = new Resources()
  readonly #signers = new CodeSigners()
  /** By index of the rollout; only `firmwareImage` rollouts have them. */
  readonly #ledgers: ReadonlyMap<number, Ledgers>
  #preparation: Preparation | undefined
  #olt: OltPreparation | undefined

  constructor(options: ControllerOptions) {
    this.#options = options
    this.#ledgers = ledgersOf(options)
  }

  /** Uploads the images, makes the thing groups and fills them. UserError 100 for an image that can't work, 97 when the cloud refuses. */
  async prepare(): Promise<void> {
    const { scenario } = this.#options
    for (const rollout of scenario.rollouts) {
      if ('firmwareImage' in rollout) checkGatorVersion(rollout.firmwareImage.image, scenario.images[rollout.firmwareImage.image]!.version)
    }
    await this.#signers.prepare(this.#options)
    this.#preparation = await prepareCloud(this.#options, this.#resources)
    this.#olt = await prepareOlt(this.#options, this.#resources)
  }

  /** What devices verify code signatures by, after `prepare`: PEM by path on the device. */
  get certificates(): ReadonlyMap<string, string> {
    return this.#signers.certificates
  }

  /** Runs one rollout of the scenario from its `at` to its end, after `prepare`. All of them may run at the same time. */
  async runRollout(index: number): Promise<RolloutEnd> {
    const { clock, now0, scenario, signal } = this.#options
    const preparation = this.#preparation
    const rollout = scenario.rollouts[index]
    if (!preparation || !rollout) throw new RangeError(`rollout ${index} before prepare or not of this scenario`)
    if (!(await reached(clock, now0 + rollout.at, signal))) return { rollout: index, status: 'NOT_STARTED', counts: noCounts() }
    if ('oltInstallation' in rollout) return rollOutInstallation(this.#options, this.#olt!, index, rollout)
    if ('otaUpdate' in rollout) return rollOutOtaUpdate(this.#options, preparation, this.#signers, index, rollout)
    if ('job' in rollout) return rollOutJob(this.#options, preparation, index, rollout)
    const { gators, receipts } = this.#ledgers.get(index)!
    return rollOutFirmwareImage(this.#options, preparation, index, rollout, gators, receipts)
  }

  /** What a gator or its gateway showed of itself: `picked-up`, `running`, `reported`, `settled` and `bricked` matter, anything else may come too. */
  observe(event: DeviceEvent): void {
    for (const { gators, receipts } of this.#ledgers.values()) {
      gators.observe(event)
      receipts.observe(event)
    }
  }

  /** Cancels every job that this run made, whatever its state. Works after the signal aborted. */
  async cancelAll(force: boolean): Promise<void> {
    const jobs = [...this.#resources.jobs, ...[...this.#resources.otaUpdates].map(otaJobId)]
    for (const jobId of jobs) await cancelJob(this.#options.clients, jobId, force, 'RUN_STOPPED', 'The run was stopped')
  }

  /** Removes what this run made and returns how many resources that were; UserError 101 with everything that failed. Works after an abort. */
  async cleanUp(): Promise<number> {
    return cleanUpCloud(this.#options, this.#resources)
  }
}

interface Ledgers {
  readonly gators: GatorLedger
  readonly receipts: GatewayReceipts
}

function ledgersOf({ scenario, fleet }: ControllerOptions): Map<number, Ledgers> {
  const ledgers = new Map<number, Ledgers>()
  scenario.rollouts.forEach((rollout, index) => {
    if (!('firmwareImage' in rollout)) return
    const { image, targets } = rollout.firmwareImage
    const { version } = scenario.images[image]!
    const fileName = firmwareFileName(image, version)
    const groups = targetGroups(fleet, targets)
    const gateways = groups.map((group) => gatewaysOf(fleet, group))
    ledgers.set(index, { gators: new GatorLedger(groups, version, fileName), receipts: new GatewayReceipts(gateways, fileName) })
  })
  return ledgers
}

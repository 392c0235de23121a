import { AwsError } from '../../errors.ts'
import type { Cloud } from '../cloud.ts'
import type { Table } from '../store/store.ts'
import { errorCode, FIRST_STATUS, STEP_MS } from './choices.ts'
import { makeOtaJob } from './make-ota-job.ts'
import type { OtaUpdate, OtaUpdateStatus } from './ota-update.ts'
import { removeOtaJob } from './remove-ota-job.ts'

const UNFINISHED = new Set<OtaUpdateStatus>(['CREATE_PENDING', 'CREATE_IN_PROGRESS', 'DELETE_IN_PROGRESS'])

export type NewOtaUpdate = Omit<OtaUpdate, 'serial' | 'otaUpdateStatus' | 'createdAtMs' | 'lastModifiedAtMs'>

/** The OTA updates of the account. Making and deleting one goes on after the answer, in steps on the cloud's clock (§5.1). */
export class OtaUpdates {
  readonly #cloud: Cloud
  readonly #updates = new Map<string, OtaUpdate>()
  readonly #table: Table<OtaUpdate> | undefined
  #serial = 0

  /** The steps of updates that a former process left unfinished go on. */
  constructor(cloud: Cloud) {
    this.#cloud = cloud
    this.#table = cloud.store?.table('ota-updates')
    const kept = [...(this.#table?.entries() ?? [])].map(([, update]) => update).sort((a, b) => a.serial - b.serial)
    for (const update of kept) {
      this.#updates.set(update.otaUpdateId, update)
      this.#awaitStep(update)
    }
    this.#serial = kept.at(-1)?.serial ?? 0
  }

  find(otaUpdateId: string): OtaUpdate | undefined {
    return this.#updates.get(otaUpdateId)
  }

  /** In order of creation. */
  all(): OtaUpdate[] {
    return [...this.#updates.values()]
  }

  /** Updates that use a stream, their own or the user's. */
  usersOf(streamId: string): OtaUpdate[] {
    return this.all().filter(({ files, made }) => made?.streamId === streamId || files[0]!.fileLocation.stream?.streamId === streamId)
  }

  create(members: NewOtaUpdate): OtaUpdate {
    this.#serial += 1
    const nowMs = this.#cloud.clock.now()
    return this.#set({ ...members, serial: this.#serial, otaUpdateStatus: FIRST_STATUS, createdAtMs: nowMs, lastModifiedAtMs: nowMs })
  }

  delete(update: OtaUpdate, deletion: { readonly deleteStream: boolean }): void {
    this.#change(update, 'DELETE_IN_PROGRESS', { deletion, errorInfo: undefined })
  }

  reset(): void {
    this.#updates.clear()
    this.#serial = 0
  }

  #awaitStep(update: OtaUpdate): void {
    if (!UNFINISHED.has(update.otaUpdateStatus)) return
    const wake = () => {
      if (this.#updates.get(update.otaUpdateId) === update) this.#step(update)
    }
    this.#cloud.clock.wake(this.#cloud.clock.now() + STEP_MS, { wake }, 0)
  }

  #step(update: OtaUpdate): void {
    if (update.otaUpdateStatus === 'CREATE_PENDING') this.#change(update, 'CREATE_IN_PROGRESS')
    else if (update.otaUpdateStatus === 'CREATE_IN_PROGRESS') this.#make(update)
    else this.#remove(update)
  }

  #make(update: OtaUpdate): void {
    this.#tryTo(update, 'CREATE_FAILED', () => {
      const made = makeOtaJob(this.#cloud, update)
      this.#change(update, 'CREATE_COMPLETE', { made })
    })
  }

  #remove(update: OtaUpdate): void {
    this.#tryTo(update, 'DELETE_FAILED', () => {
      removeOtaJob(this.#cloud, update)
      this.#updates.delete(update.otaUpdateId)
      this.#table?.delete(update.otaUpdateId)
    })
  }

  #tryTo(update: OtaUpdate, failed: OtaUpdateStatus, act: () => void): void {
    try {
      act()
    } catch (error) {
      if (!(error instanceof AwsError)) throw error
      this.#change(update, failed, { errorInfo: { code: errorCode(error.code), message: error.message } })
    }
  }

  #change(update: OtaUpdate, otaUpdateStatus: OtaUpdateStatus, changes: Partial<OtaUpdate> = {}): void {
    this.#set({ ...update, ...changes, otaUpdateStatus, lastModifiedAtMs: this.#cloud.clock.now() })
  }

  #set(update: OtaUpdate): OtaUpdate {
    this.#updates.set(update.otaUpdateId, update)
    this.#table?.put(update.otaUpdateId, update)
    this.#awaitStep(update)
    return update
  }
}

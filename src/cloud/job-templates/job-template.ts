import type { CloudContext } from '../context.ts'
import type { JobConfig } from '../jobs/job.ts'
import type { MaintenanceWindow } from '../jobs/maintenance-windows.ts'
import type { Table } from '../store/store.ts'

/** What a template gives to a job. */
export interface JobTemplate {
  readonly id: string
  readonly description: string
  /** Text of the job document, placeholders included. */
  readonly document: string
  readonly documentSource?: string | undefined
  readonly config: Omit<JobConfig, 'description'>
  readonly maintenanceWindows?: readonly MaintenanceWindow[] | undefined
  readonly destinationPackageVersions?: readonly string[] | undefined
  readonly createdAtMs: number
}

/** The account's own job templates. */
export class JobTemplates {
  readonly #table: Table<JobTemplate> | undefined
  readonly #templates = new Map<string, JobTemplate>()

  constructor({ store }: Pick<CloudContext, 'store'>) {
    this.#table = store?.table('job-templates')
    const kept = [...(this.#table?.entries() ?? [])].map(([, template]) => template)
    for (const template of kept.sort((a, b) => a.createdAtMs - b.createdAtMs)) this.#templates.set(template.id, template)
  }

  get size(): number {
    return this.#templates.size
  }

  get(id: string): JobTemplate | undefined {
    return this.#templates.get(id)
  }

  /** In order of creation. */
  all(): JobTemplate[] {
    return [...this.#templates.values()]
  }

  add(template: JobTemplate): void {
    this.#templates.set(template.id, template)
    this.#table?.put(template.id, template)
  }

  delete(id: string): void {
    this.#templates.delete(id)
    this.#table?.delete(id)
  }

  reset(): void {
    this.#templates.clear()
  }
}

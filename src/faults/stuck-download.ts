import { z } from 'zod'
import type { FaultKind } from '../ports/faults.ts'

const config = z.strictObject({})

/** The job is IN_PROGRESS and its download never begins; nothing else is taken either, until a power cycle (bifravst/firmware#78). */
export const stuckDownload: FaultKind<z.output<typeof config>> = {
  name: 'stuck-download',
  phases: ['pickup'],
  kinds: ['tracker'],
  config,
  strike(target) {
    target.refuse('download', 'the download never begins', 'restart')
  },
}

import type { FaultKind } from '../ports/faults.ts'
import { corruptImage } from './corrupt-image.ts'

/** Every kind of fault, in the order of the documentation. */
export const FAULTS: readonly FaultKind<never>[] = [corruptImage]

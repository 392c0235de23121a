/** What a rehearsal exists to find: nobody in the field would have been told. */
export const FINDINGS = [
  'wrong-image',
  'silent-rollback',
  'stuck-job',
  'receipt-without-image',
  'duplicate-notification',
  'message-too-long',
] as const
export type FindingName = (typeof FINDINGS)[number]

/** After the name of a device. */
export const FINDING_TEXTS: Readonly<Record<FindingName, string>> = {
  'wrong-image': 'reported success over wrong bytes',
  'silent-rollback': 'reported success and went back to the old version',
  'stuck-job': 'took the job and never said how it ended',
  'receipt-without-image': 'confirmed an image that it did not get',
  'duplicate-notification': 'was notified again of an update that it was starting',
  'message-too-long': 'has no room for the message that tells of its job',
}

const MAX_EXAMPLES = 5

export interface FindingCount {
  readonly finding: FindingName
  readonly count: number
  /** The first of them. */
  readonly devices: readonly number[]
}

/** Which devices showed what, a byte a device. */
export class Findings {
  readonly #bits: Uint8Array

  constructor(devices: number) {
    this.#bits = new Uint8Array(devices)
  }

  set(device: number, finding: FindingName, present = true): void {
    const bit = 1 << FINDINGS.indexOf(finding)
    if (present) this.#bits[device]! |= bit
    else this.#bits[device]! &= ~bit
  }

  /** Those that there are, in their own order. Looks at every device: for a few calls a run. */
  list(): FindingCount[] {
    const found = FINDINGS.map((finding) => ({ finding, count: 0, devices: [] as number[] }))
    this.#bits.forEach((bits, device) => {
      if (bits === 0) return
      found.forEach((entry, index) => {
        if (!(bits & (1 << index))) return
        entry.count += 1
        if (entry.devices.length < MAX_EXAMPLES) entry.devices.push(device)
      })
    })
    return found.filter(({ count }) => count > 0)
  }
}

import { UserError } from '../errors.ts'

/** What AWS says of something that is still attached somewhere, for a while even after it was detached. */
const STILL_ATTACHED = ['DeleteConflictException', 'InvalidRequestException', 'CertificateStateException']
const TRIES = 8
const WAIT_MS = 1_000

/** Deletes something; detachments take seconds to be seen everywhere. */
export async function patiently<T>(sleep: (ms: number) => Promise<void>, act: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await act()
    } catch (error) {
      const cause = error instanceof UserError ? error.cause : error
      if (tries === TRIES || !(cause instanceof Error) || !STILL_ATTACHED.includes(cause.name)) throw error
      await sleep(WAIT_MS * tries)
    }
  }
}

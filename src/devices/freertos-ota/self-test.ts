import { type Firmware, LinkLost } from '../firmware.ts'
import { type Agent, reset, settle, tell } from './agent.ts'
import { OTA_ERR } from './codes.ts'
import { runningVersion } from './flash.ts'
import type { OtaJob } from './job.ts'
import { accepted, rejected, selfTest } from './status.ts'
import { versionWord } from './version.ts'

/**
 * The job says that a new image is to test itself. The agent compares versions first, then asks the platform: whoever comes back with the old image,
 * or has committed the new one without having told, rejects the update.
 */
export function* testItself(agent: Agent, { jobId, updatedBy }: OtaJob): Firmware {
  const { flash } = agent.hardware
  const version = versionWord(runningVersion(flash))
  if (version === updatedBy) return yield* reject(agent, jobId, OTA_ERR.sameFirmwareVersion)
  if (version < updatedBy) return yield* reject(agent, jobId, OTA_ERR.downgradeNotAllowed)
  if (!flash.testing) {
    yield* tell(agent, jobId, selfTest('active', version))
    return yield* reject(agent, jobId, OTA_ERR.imageStateMismatch)
  }
  yield* tell(agent, jobId, selfTest('active', version))
  // The application's own test.
  if (agent.hardware.refusal('self-test')) return yield* reject(agent, jobId, OTA_ERR.none)
  commit(agent)
  yield* tell(agent, jobId, accepted(version, updatedBy))
  settle(agent)
}

function* reject(agent: Agent, jobId: string, code: number): Firmware<never> {
  try {
    yield* tell(agent, jobId, rejected(code))
  } catch (error) {
    if (!(error instanceof LinkLost)) throw error
  }
  return yield* reset(agent)
}

function commit(agent: Agent): void {
  const { flash } = agent.hardware
  flash.running = flash.pending!
  flash.pending = undefined
  flash.testing = false
  flash.failedBoots = 0
  agent.selfTestUntil = Infinity
  agent.hardware.emit({ type: 'running', version: flash.running.version })
}

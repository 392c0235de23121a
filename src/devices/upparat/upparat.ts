import { type Firmware, type Hardware, phase, reboot } from '../firmware.ts'
import type { UpparatConfig } from './config.ts'
import type { UpparatFlash } from './flash.ts'
import { Daemon } from './daemon.ts'
import { download } from './states/download.ts'
import { fetchJobs } from './states/fetch-jobs.ts'
import { install } from './states/install.ts'
import { monitor } from './states/monitor.ts'
import { restart } from './states/restart.ts'
import { selectJob } from './states/select-job.ts'
import { FETCH_JOBS, type Next, processing } from './states/state.ts'
import { verifyInstallation } from './states/verify-installation.ts'
import { verifyJob } from './states/verify-job.ts'

/** Boots in which a new system doesn't come up before the boot loader goes back to the old one: an A/B scheme, as update tools below Upparat have it. */
const BOOT_ATTEMPTS = 3

/** Upparat 1.13: one state machine, with hooks and downloads in threads beside it. It checks no byte of what it downloads. */
export const upparat = (config: UpparatConfig) =>
  function* (hardware: Hardware<UpparatFlash>): Firmware {
    yield* bootLoader(hardware, config)
    yield* phase('connect')
    const daemon = new Daemon(hardware, config)
    for (let next: Next = FETCH_JOBS; ;) next = yield* enter(daemon, next)
  }

function enter(daemon: Daemon, next: Next): Firmware<Next> {
  switch (next.state) {
    case 'fetch_jobs':
      return fetchJobs(daemon)
    case 'monitor':
      return monitor(daemon)
    case 'select_job':
      return selectJob(daemon, next.pending)
    case 'verify_job':
      return processing(daemon, () => verifyJob(daemon, next.job))
    case 'download':
      return processing(daemon, () => download(daemon, next.job))
    case 'install':
      return processing(daemon, () => install(daemon, next.job))
    case 'restart':
      return processing(daemon, () => restart(daemon, next.job))
    case 'verify_installation':
      return processing(daemon, () => verifyInstallation(daemon, next.job))
  }
}

function* bootLoader(hardware: Hardware<UpparatFlash>, config: UpparatConfig): Firmware {
  const { flash } = hardware
  const { pending } = flash
  if (!pending) return
  if (hardware.refusal('boot') === undefined) flash.running = pending
  else {
    if (++flash.failedBoots < BOOT_ATTEMPTS) yield* reboot(config.reboot)
    hardware.emit({ type: 'rolled-back', from: pending.version, to: flash.running.version })
  }
  flash.pending = undefined
  flash.failedBoots = 0
}

import type { Firmware } from '../../firmware.ts'
import { isRecord } from '../../ota/messages.ts'
import { pendingJobs } from '../job.ts'
import { subscribeTo, unsubscribeFrom } from '../mqtt-client.ts'
import { nextEvent } from '../next-event.ts'
import type { Daemon } from '../daemon.ts'
import type { Next } from './state.ts'

/** Waits for `notify`. One that comes while the device is not connected is missed: nothing asks for jobs after a reconnect. */
export function* monitor(daemon: Daemon): Firmware<Next> {
  settle(daemon)
  const notify = daemon.topic('notify')
  yield* subscribeTo(daemon, notify)
  for (;;) {
    const event = yield* nextEvent(daemon)
    if (event.type !== 'message' || event.topic !== notify || !isRecord(event.content)) continue
    const jobs = isRecord(event.content['jobs']) ? event.content['jobs'] : {}
    const pending = pendingJobs(jobs['IN_PROGRESS'], jobs['QUEUED'])
    if (!pending) continue
    yield* unsubscribeFrom(daemon, notify)
    return { state: 'select_job', pending }
  }
}

function settle({ hardware }: Daemon): void {
  if (!hardware.flash.busy) return
  hardware.flash.busy = false
  hardware.emit({ type: 'settled' })
}

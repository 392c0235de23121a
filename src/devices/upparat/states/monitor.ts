import type { Firmware } from '../../firmware.ts'
import { isRecord } from '../../ota/messages.ts'
import { pendingJobs } from '../job.ts'
import { subscribeTo, unsubscribeFrom } from '../mqtt-client.ts'
import { nextEvent } from '../next-event.ts'
import type { Service } from '../service.ts'
import type { Next } from './state.ts'

/** Waits for `notify`. One that comes while the device is not connected is missed: nothing asks for jobs after a reconnect. */
export function* monitor(service: Service): Firmware<Next> {
  settle(service)
  const notify = service.topic('notify')
  yield* subscribeTo(service, notify)
  for (;;) {
    const event = yield* nextEvent(service)
    if (event.type !== 'message' || event.topic !== notify || !isRecord(event.content)) continue
    const jobs = isRecord(event.content['jobs']) ? event.content['jobs'] : {}
    const pending = pendingJobs(jobs['IN_PROGRESS'], jobs['QUEUED'])
    if (!pending) continue
    yield* unsubscribeFrom(service, notify)
    return { state: 'select_job', pending }
  }
}

function settle({ hardware }: Service): void {
  if (!hardware.flash.busy) return
  hardware.flash.busy = false
  hardware.emit({ type: 'settled' })
}

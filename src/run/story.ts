import { Controller } from '../controller/controller.ts'
import { imageFor, loadImages } from '../controller/image.ts'
import type { ImageRecord } from '../devices/firmware.ts'
import type { DeviceEvent, EventSink, RunEnd } from '../ports/events.ts'
import type { Scenario } from '../scenario/scenario.ts'
import type { Plan } from './plan.ts'
import type { World } from './world.ts'

/** How often a run that waits for its last devices looks at them, in simulated milliseconds. */
const DRAIN_POLL_MS = 1000

export interface StoryOptions {
  readonly scenario: Scenario
  readonly plan: Plan
  readonly world: World
  readonly runId: string
  readonly emit: EventSink
  /** Ctrl-C: rollouts stop, what was made is removed, the report is written. */
  readonly interrupt: AbortSignal
  /** Devices that picked an update up and have not come to its end. */
  readonly unsettled: () => number
  /** Gives device events to whoever else must know them. */
  readonly onDeviceEvents: (observer: (event: DeviceEvent) => void) => void
}

export interface StoryEnd {
  readonly end: RunEnd
  /** What went wrong in the cloud or the controller. */
  readonly failure?: unknown
  readonly cleanUpFailure?: unknown
}

/** The story of a run: cloud → fleet → controller → drain → clean-up. It always comes to its last line, whatever happens on the way. */
export async function tellStory(options: StoryOptions): Promise<StoryEnd> {
  const { scenario, plan, world, runId, emit, interrupt } = options
  const { clock } = world
  const stop = new AbortController()
  let end: RunEnd = 'completed'
  const stopWith = (reason: RunEnd) => {
    if (stop.signal.aborted) return
    end = reason
    stop.abort(new Error(reason))
  }
  let failure: unknown
  // What goes wrong once the run is being stopped is a consequence.
  const fail = (error: unknown) => {
    if (stop.signal.aborted) return
    failure = error
    stopWith('error')
  }
  const at = () => clock.now() - world.startMs
  const controller = new Controller({
    scenario,
    fleet: plan.fleet,
    clients: world.clients,
    clock,
    runId,
    emit,
    get now0() {
      return world.startMs
    },
    account: world.account,
    registerThings: (group, things, signal) => world.registerThings(group, things, signal),
    removeThings: () => world.removeThings(),
    presign: (bucket, key, expiresInSec) => world.presign(bucket, key, expiresInSec),
    roleArn: world.roleArn,
    signingKey: (profile) => world.signingKey(profile),
    olt: world.olt,
    signal: stop.signal,
  })
  options.onDeviceEvents((event) => controller.observe(event))
  const onInterrupt = () => stopWith('interrupted')
  interrupt.addEventListener('abort', onInterrupt)
  // Ctrl-C may have come while the world was being made.
  if (interrupt.aborted) onInterrupt()

  let cleanUpFailure: unknown
  await world.play(async () => {
    try {
      stop.signal.throwIfAborted()
      await controller.prepare()
      stop.signal.throwIfAborted()
      emit({ type: 'run-started', at: 0, scenario: scenario.name, seed: scenario.seed, devices: plan.fleet.size })
      await world.startFleet(publishedImages(scenario), fail, controller.certificates)
      clock.wake(world.startMs + scenario.time.limit, { wake: () => stopWith('time-limit') }, 0)
      await clock.all(
        scenario.rollouts.map((_, index) => async () => {
          // The others need not go on for hours before a failure is told.
          await controller.runRollout(index).catch(fail)
        }),
      )
      await drain(options, stop.signal)
    } catch (error) {
      fail(error)
    }
    await world.stopFleet()
    try {
      await controller.cleanUp()
    } catch (error) {
      cleanUpFailure = error
    }
    emit({ type: 'run-finished', at: at(), reason: end })
  })
  interrupt.removeEventListener('abort', onInterrupt)
  return { end, failure, cleanUpFailure }
}

/** Devices that are still at work when the rollouts have ended get their time: a reboot and the proof of what runs come after the last report. */
async function drain({ scenario, world, unsettled }: StoryOptions, signal: AbortSignal): Promise<void> {
  const until = world.clock.now() + scenario.time.drain
  while (unsettled() > 0 && world.clock.now() < until && !signal.aborted) await world.clock.sleep(DRAIN_POLL_MS, signal)
}

/** What boot loaders accept: every image, in every form in which it may be published. */
function publishedImages(scenario: Scenario): ImageRecord[] {
  const images = [...loadImages(scenario, scenario.seed).values()]
  return images
    .flatMap((image) => [
      imageFor(image, 'tracker'),
      imageFor(image, 'data-gator'),
      imageFor(image, 'upparat'),
      imageFor(image, 'plugin'),
      imageFor(image, 'olt-device'),
    ])
    .map(({ version, bytes, crc32 }) => ({ version, bytes: bytes.length, crc32 }))
}

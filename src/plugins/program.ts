import { basename } from 'node:path'
import type { Effect, Firmware, Hardware } from '../devices/firmware.ts'
import type { FaultTarget } from '../ports/faults.ts'
import { checkedEvent } from './check-event.ts'
import { wrongEffect } from './check-effect.ts'
import type { DevicePlugin } from './define.ts'
import { describeFailure } from './failure.ts'

/** Effects at one moment of a device's time. A program that asks for more never lets time pass. */
const MAX_EFFECTS_AT_ONCE = 100_000

type OwnBoard = Hardware<any> & Pick<FaultTarget, 'brick'>

/** The program of a user's device for one board. An error in it, or an effect that no board can perform, stops this board and no other. */
export function pluginProgram(plugin: DevicePlugin, config: unknown, file: string): (board: OwnBoard) => Firmware {
  const program = plugin.firmware(config)
  return (board) => guarded(program, board, file)
}

function* guarded(program: (hardware: Hardware<any>) => Firmware, board: OwnBoard, file: string): Firmware {
  let during = 'start'
  let failure: string
  try {
    const running = program(hardwareOf(board))
    if (typeof running?.next !== 'function') throw new TypeError('firmware(config) gave a function that is no generator (function*)')
    let at = NaN
    let effects = 0
    let step = running.next()
    for (;;) {
      if (step.done) throw new Error('the program ended: a device runs for ever')
      const effect: Effect = step.value
      const wrong = wrongEffect(effect)
      if (wrong !== undefined) throw new TypeError(wrong)
      if (effect.do === 'phase') during = effect.phase
      effects = board.now() === at ? effects + 1 : 0
      at = board.now()
      if (effects > MAX_EFFECTS_AT_ONCE) throw new RangeError(`more than ${MAX_EFFECTS_AT_ONCE} effects without letting time pass`)
      let answer: unknown
      try {
        answer = yield effect
      } catch (error) {
        step = running.throw(error)
        continue
      }
      step = running.next(answer)
    }
  } catch (error) {
    failure = describeFailure(error, file)
  }
  board.brick(`${basename(file)}: ${failure} (${during})`, file)
}

/** What a user's program sees of its board: the hardware and nothing else, and events in their proper form only. */
function hardwareOf(board: Hardware<any>): Hardware<any> {
  return {
    name: board.name,
    flash: board.flash,
    now: () => board.now(),
    random: () => board.random(),
    emit: (event) => board.emit(checkedEvent(event)),
    refusal: (check) => board.refusal(check),
    isGenuine: (image) => board.isGenuine(image),
    certificate: (path) => board.certificate(path),
    discardMessages: () => board.discardMessages(),
    serveFiles: (files) => board.serveFiles(files),
    versionIn: (image) => board.versionIn(image),
    joinLan: () => board.joinLan(),
  }
}

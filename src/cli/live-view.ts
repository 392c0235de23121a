import { createLogUpdate } from 'log-update'
import { plainLine, view } from '../report/console.ts'
import type { LiveState } from '../report/live-state.ts'

/** Wall-clock time between two frames, and between two lines where there is no terminal. */
const FRAME_MS = 250
const LINE_MS = 5_000

/** Shows a run while it lasts: a live view in a terminal, a line now and then elsewhere. */
export interface LiveView {
  readonly everyMs: number
  show(state: LiveState): void
  /** A line that stays, above the view. */
  say(text: string): void
  /** The last state is shown for good. */
  end(): void
}

export function liveView(stream: NodeJS.WriteStream): LiveView {
  if (!stream.isTTY) {
    return {
      everyMs: LINE_MS,
      show: (state) => void stream.write(`${plainLine(state)}\n`),
      say: (text) => void stream.write(`${text}\n`),
      end() {},
    }
  }
  const log = createLogUpdate(stream)
  const color = !process.env['NO_COLOR']
  return {
    everyMs: FRAME_MS,
    show: (state) => log(view(state, stream.columns, stream.rows - 1, color).join('\n')),
    say: (text) => log.persist(text),
    end: () => log.done(),
  }
}

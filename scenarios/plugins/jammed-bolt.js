// A fault of one's own: the bolt of some locks is jammed. Some say so and fail; the motor of the others draws so much that their power goes.
// @ts-check
import { defineFault, duration, z } from 'fleetsim/plugin'

export default defineFault({
  name: 'jammed-bolt',
  // Where it makes sense: `during:` of the scenario must be one of these.
  phases: ['install'],
  config: z.strictObject({
    brownOut: z.number().min(0).max(1).default(0.5).describe('How many of them lose their power.'),
    off: duration().prefault('1m').describe('For how long.'),
  }),
  // `target` is the board; `random` is the same for the same seed.
  strike(target, { brownOut, off }, random) {
    if (random() < brownOut) target.powerOff(off)
    else target.refuse('install', 'bolt is jammed', 'restart')
  },
})

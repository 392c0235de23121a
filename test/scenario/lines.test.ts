import { fc, test as property } from '@fast-check/vitest'
import { expect } from 'vitest'
import { Lines } from '../../src/scenario/lines.ts'

property.prop([fc.array(fc.constantFrom('a', '\n', '\r\n', 'bc'), { maxLength: 30 }).map((parts) => parts.join('')), fc.nat({ max: 60 })])(
  'a position is the number of line breaks before it and the distance from the last',
  (text, at) => {
    const offset = Math.min(at, text.length)
    const before = text.slice(0, offset).split('\n')
    expect(new Lines(text).position(offset)).toEqual({ line: before.length, col: before.at(-1)!.length + 1 })
  },
)

import { fc, test } from '@fast-check/vitest'
import { expect, test as example } from 'vitest'
import { parseBody } from '../../../src/cloud/jobs-data/body.ts'

const bodies = fc.dictionary(fc.constantFrom('status', 'clientToken', 'expectedVersion', 'statusDetails'), fc.jsonValue(), { noNullPrototype: true })

test.prop([fc.array(bodies, { maxLength: 40 }), fc.array(fc.nat(39), { maxLength: 40 })])(
  'every body has its own members, however often it came before, as text and as bytes',
  (sent, again) => {
    for (const body of [...sent, ...again.flatMap((index) => sent[index] ?? [])]) {
      const text = JSON.stringify(body)
      expect(parseBody(text)).toEqual(JSON.parse(text))
      expect(parseBody(Buffer.from(text))).toEqual(JSON.parse(text))
    }
  },
)

example('nothing at all is a body without members', () => {
  expect(parseBody('')).toEqual({})
  expect(parseBody(new Uint8Array(0))).toEqual({})
})

example.each(['{', 'x', '[1]', '"a"', 'null', '1'])('%s is refused, the second time too', (text) => {
  expect(() => parseBody(text)).toThrow(/JSON/)
  expect(() => parseBody(text)).toThrow(/JSON/)
})

example('bytes that are no UTF-8 are no JSON', () => {
  expect(() => parseBody(Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d))).toThrow('The payload is not valid JSON')
})

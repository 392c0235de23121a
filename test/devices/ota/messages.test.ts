import { describe, expect, test } from 'vitest'
import { parseJson } from '../../../src/devices/ota/messages.ts'

describe('a payload as JSON', () => {
  test.each<[string | Uint8Array, unknown]>([
    ['{"a": 1}', { a: 1 }],
    [Buffer.from('{"ä": [1, "ö"]}'), { ä: [1, 'ö'] }],
    ['null', null],
    ['', undefined],
    ['{"a": 1', undefined],
    [Uint8Array.of(0xff), undefined],
  ])('%j', (payload, expected) => {
    expect(parseJson(payload)).toEqual(expected)
    // What is remembered is no other.
    expect(parseJson(payload)).toEqual(expected)
  })

  test('the same text is read once, whoever gets it', () => {
    const first = parseJson('{"execution": {"jobId": "job"}}')
    expect(parseJson(Buffer.from('{"execution": {"jobId": "job"}}'))).toBe(first)
  })

  test('each text has a value of its own, however many come in between', () => {
    const texts = Array.from({ length: 100 }, (_, i) => `{"number": ${i % 40}}`)
    expect(texts.map(parseJson)).toEqual(texts.map((_, i) => ({ number: i % 40 })))
  })

  test('long texts are not kept', () => {
    const text = JSON.stringify({ text: 'x'.repeat(3000) })
    expect(parseJson(text)).toEqual(parseJson(text))
    expect(parseJson(text)).not.toBe(parseJson(text))
  })
})

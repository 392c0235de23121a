import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { pageRequest, paginate } from '../../../src/cloud/http/pagination.ts'

const query = (text: string) => pageRequest(new URLSearchParams(text))

describe('a page request', () => {
  test.each([
    ['nothing given', '', {}],
    ['a size', 'maxResults=250', { maxResults: 250 }],
    ['a token', 'nextToken=a%3Db%2Fc', { nextToken: 'a=b/c' }],
  ])('%s', (_title, text, request) => {
    expect(query(text)).toEqual({ maxResults: undefined, nextToken: undefined, ...request })
  })

  test.each(['0', '251', '-1', '1.5', 'many', ''])('maxResults %j is refused', (size) => {
    expect(() => query(`maxResults=${size}`)).toThrow("at 'maxResults' failed to satisfy constraint")
  })

  test('certificates and policies have other names for the same', () => {
    expect(pageRequest(new URLSearchParams('pageSize=5&marker=m'), 'pageSize', 'marker')).toEqual({ maxResults: 5, nextToken: 'm' })
  })
})

describe('pages', () => {
  property.prop([fc.nat(60), fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 5 })])(
    'show every kept item once, in order, and no page but the last is short',
    (length, maxResults, every) => {
      const items = Array.from({ length }, (_, index) => index)
      const keep = (item: number): boolean => item % every === 0
      const seen: number[] = []
      let nextToken: string | undefined
      do {
        const page = paginate(items, { maxResults, nextToken }, 250, keep)
        seen.push(...page.page)
        nextToken = page.nextToken
        if (nextToken !== undefined) expect(page.page).toHaveLength(maxResults)
      } while (nextToken !== undefined)
      expect(seen).toEqual(items.filter(keep))
    },
  )

  test('the default size holds when none is given', () => {
    const items = Array.from({ length: 30 }, (_, index) => index)
    expect(paginate(items, {}, 25).page).toHaveLength(25)
  })

  test('a token that this cloud did not make is refused', () => {
    expect(() => paginate([1], { nextToken: 'bm9wZQ' }, 25)).toThrow(expect.objectContaining({ code: 'InvalidRequestException', status: 400 }))
  })
})

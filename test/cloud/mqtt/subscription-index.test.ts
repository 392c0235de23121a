import { fc, test } from '@fast-check/vitest'
import { describe, expect, test as example } from 'vitest'
import { SubscriptionIndex } from '../../../src/cloud/mqtt/subscription-index.ts'
import { isWellFormed, matches } from '../../../src/cloud/mqtt/topic-filter.ts'

const levels = fc.constantFrom('a', 'b', '', '$aws', 'things', 't1', 'jobs')
const topics = fc.oneof(
  fc.array(levels, { minLength: 1, maxLength: 5 }).map((parts) => parts.join('/')),
  fc.array(levels, { maxLength: 3 }).map((parts) => ['$aws/things/t1', ...parts].join('/')),
)
const filters = fc
  .tuple(topics, fc.array(fc.nat(4), { maxLength: 2 }), fc.boolean())
  .map(([topic, plusAt, ends]) => [...topic.split('/').map((level, i) => (plusAt.includes(i) ? '+' : level)), ...(ends ? ['#'] : [])].join('/'))
const names = fc.constantFrom('x', 'y', 'z')

/** The rules of AWS, written the slow way. */
function slowly(filter: string, topic: string): boolean {
  const pattern = filter
    .split('/')
    .map((level) => (level === '+' ? '[^/]*' : level === '#' ? '.*' : level.replaceAll('$', '\\$')))
    .join('/')
  return new RegExp(`^${pattern}$`).test(topic) && !(topic.startsWith('$') && !filter.startsWith('$'))
}

describe('topic filters', () => {
  test.prop([filters, topics])('match as a regular expression would', (filter, topic) => {
    expect(matches(filter, topic)).toBe(slowly(filter, topic))
  })

  example.each([
    ['a/#', 'a', false],
    ['a/#', 'a/', true],
    ['#', 'a/b', true],
    ['#', '$SYS/a', false],
    ['+/b', '$aws/b', false],
    ['$aws/+', '$aws/b', true],
    ['a/+/c', 'a//c', true],
    ['a/+', 'a', false],
    ['ab/c', 'a/bc', false],
    ['a', 'a/', false],
  ])('%s on %s: %s', (filter, topic, expected) => {
    expect(matches(filter, topic)).toBe(expected)
  })

  example.each(['', 'a#', '#/a', 'a+', '+a/b', 'a/#/b', 'a\0'])('%j is malformed', (filter) => {
    expect(isWellFormed(filter)).toBe(false)
  })
  example.each(['#', '+', 'a/+/b', '+/+', 'a/#', '/', '/a'])('%s is well formed', (filter) => {
    expect(isWellFormed(filter)).toBe(true)
  })
})

describe('the index', () => {
  const step = fc.record({ name: names, filter: filters, isAdded: fc.boolean() })

  test.prop([fc.array(step, { maxLength: 30 }), fc.array(topics, { minLength: 1, maxLength: 10 })])(
    'finds whom a plain list finds',
    (steps, asked) => {
      const subscribers = { x: { name: 'x' }, y: { name: 'y' }, z: { name: 'z' } }
      const index = new SubscriptionIndex<{ name: string }>()
      const list = new Set<string>()
      for (const { name, filter, isAdded } of steps) {
        const key = `${name} ${filter}`
        const subscriber = subscribers[name]
        if (isAdded) {
          expect(index.add(filter, subscriber)).toBe(!list.has(key))
          list.add(key)
        } else {
          index.remove(filter, subscriber)
          list.delete(key)
        }
      }
      for (const topic of asked) {
        const expected = new Set([...list].map((key) => key.split(' ')).flatMap(([name, filter]) => (matches(filter!, topic) ? [name!] : [])))
        const found = index.match(topic).map(({ name }) => name)
        expect([...found].sort()).toEqual([...expected].sort())
        expect(index.wanted(topic)).toBe(expected.size > 0)
      }
    },
  )

  example('forgets all that a subscriber has below a thing, and nothing of others', () => {
    const index = new SubscriptionIndex<object>()
    const [device, observer] = [{}, {}]
    index.add('$aws/things/t1/jobs/notify', device)
    index.add('$aws/things/t1/#', device)
    index.add('$aws/things/t1/jobs/notify', observer)
    index.removeThing('t1', device)
    expect(index.match('$aws/things/t1/jobs/notify')).toEqual([observer])
  })
})

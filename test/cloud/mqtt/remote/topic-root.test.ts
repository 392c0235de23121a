import { describe, expect, test } from 'vitest'
import { RootCounts } from '../../../../src/cloud/mqtt/remote/root-counts.ts'
import { mayMatch, rootOfFilter } from '../../../../src/cloud/mqtt/remote/topic-root.ts'
import { matches } from '../../../../src/cloud/mqtt/topic-filter.ts'

describe('the root of a filter', () => {
  test.each<[filter: string, root: string | undefined]>([
    ['a', 'a'],
    ['a/b/c', 'a'],
    ['a/+', 'a'],
    ['/a', ''],
    ['#', ''],
    ['+/a', ''],
    ['$aws/events/presence/connected/+', '$aws/events'],
    ['$aws/events', '$aws/events'],
    ['$aws/#', '$aws'],
    ['$aws/+/x', '$aws'],
    ['$aws', '$aws'],
    ['$aws/things/t1/jobs/notify', undefined],
  ])('%s: %s', (filter, root) => {
    expect(rootOfFilter(filter)).toBe(root)
  })

  test('is never wrong by saying no', () => {
    const topics = ['a', 'a/b', 'a/b/c', '/a', 'b', '$aws/events', '$aws/events/x/y', '$aws', '$aws/other/x']
    const filters = ['a', 'a/+', 'a/#', '+', '+/b', '#', '/a', '/#', '$aws/#', '$aws/+/x/y', '$aws/events/#', '$aws/events/+/y', '$aws', 'b']
    const missed = filters.flatMap((filter) => {
      const roots = new Set([rootOfFilter(filter)!])
      return topics.filter((topic) => matches(filter, topic) && !mayMatch(roots, topic)).map((topic) => `${filter} ${topic}`)
    })
    expect(missed).toEqual([])
    expect(mayMatch(new Set(['a', '$aws/events']), 'ab')).toBe(false)
    expect(mayMatch(new Set(['a', '$aws/events']), '$aws/rules/x')).toBe(false)
    expect(mayMatch(new Set(), 'a')).toBe(false)
  })
})

describe('a door is told of a root', () => {
  const [one, two, three] = [{ name: 'one' }, { name: 'two' }, { name: 'three' }]

  function counts(...doors: readonly { name: string }[]) {
    const told: string[] = []
    const roots = new RootCounts<{ name: string }>(({ name }, root, isWanted) => told.push(`${name} ${isWanted ? '+' : '-'}${root}`))
    for (const door of doors) roots.join(door)
    return { roots, told: () => told.splice(0) }
  }

  test('when another one begins and ceases to want it', () => {
    const { roots, told } = counts(one, two, three)
    roots.add(one, 'a')
    expect(told()).toEqual(['two +a', 'three +a'])
    roots.add(one, 'a')
    roots.add(two, 'a')
    expect(told()).toEqual(['one +a'])
    roots.add(three, 'a')
    roots.remove(three, 'a')
    expect(told()).toEqual([])
    roots.remove(one, 'a')
    expect(told()).toEqual([])
    roots.remove(one, 'a')
    expect(told()).toEqual(['two -a'])
    roots.leave(two)
    expect(told()).toEqual(['one -a', 'three -a'])
    roots.remove(two, 'a')
    expect(told()).toEqual([])
  })

  test('when it joins later, and of what somebody wants who never joins', () => {
    const { roots, told } = counts(one)
    const outsider = {}
    roots.add(outsider, 'a')
    roots.join(two)
    expect(told()).toEqual(['one +a', 'two +a'])
    roots.add(one, 'a')
    roots.remove(outsider, 'a')
    expect(told()).toEqual(['one -a'])
  })

  test('with many roots once, for all of them', () => {
    const { roots, told } = counts(one, two)
    for (let i = 0; i < 1000; i++) roots.add(one, `root-${i}`)
    expect(told()).toHaveLength(1000)
    roots.add(one, 'root-1000')
    roots.add(two, 'root-1001')
    expect(told()).toEqual(['one +', 'two +'])
    roots.remove(one, 'root-1000')
    roots.add(two, '')
    roots.remove(two, '')
    expect(told()).toEqual([])
  })
})

import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import type { CloudContext } from '../../../src/cloud/context.ts'
import { shadowRequest } from '../../../src/cloud/shadow/mqtt.ts'
import { Shadows } from '../../../src/cloud/shadow/shadows.ts'
import { FakeClock } from '../fake-context.ts'

/** The model: a state is a map from the path of a leaf to its value and to the second in which it was set. */
type Leaves = ReadonlyMap<string, { readonly value: unknown; readonly at: number }>

const key = fc.constantFrom('a', 'b', 'c')
const leaf = fc.oneof(
  fc.integer({ min: 0, max: 2 }),
  fc.constantFrom('x', true),
  fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 1, maxLength: 2 }),
)
const { tree } = fc.letrec<{ tree: object }>((tie) => ({
  tree: fc.dictionary(key, fc.oneof({ maxDepth: 2 }, leaf, fc.constant(null), tie('tree')), { maxKeys: 3, noNullPrototype: true }),
}))
const update = fc.record({ desired: tree, reported: tree }, { requiredKeys: [] })

test.prop([fc.array(update, { maxLength: 12 })])('merging and deltas do what a list of leaves does', (updates) => {
  const clock = new FakeClock()
  const sent = new Map<string, any>()
  const bus = {
    wanted: () => true,
    publish: (topic: string, payload: unknown) => void sent.set(topic.slice('$aws/things/t/shadow/'.length), JSON.parse(String(payload))),
  }
  const context = { clock, bus } as unknown as CloudContext
  const shadows = new Shadows(context)
  let model: { desired: Leaves; reported: Leaves } = { desired: new Map(), reported: new Map() }
  for (const [index, state] of updates.entries()) {
    sent.clear()
    shadowRequest({ bus, shadows }, '$aws/things/t/shadow/update', JSON.stringify({ state }))
    const at = shadows.nowSec()
    model = { desired: merged(model.desired, state.desired, at), reported: merged(model.reported, state.reported, at) }
    const { current } = sent.get('update/documents')
    expect(leavesOf(current.state.desired, current.metadata.desired)).toEqual(model.desired)
    expect(leavesOf(current.state.reported, current.metadata.reported)).toEqual(model.reported)
    const delta = sent.get('update/delta')
    expect(leavesOf(delta?.state, delta?.metadata)).toEqual(missing(model.desired, model.reported))
    expect(current.version).toBe(index + 1)
    clock.run(1000)
  }
})

/** Setting a leaf takes away what was above and below it; a null takes away what it names. */
function merged(leaves: Leaves, patch: object | undefined, at: number): Leaves {
  const next = new Map(leaves)
  for (const { path, value } of branches(patch ?? {})) {
    const isTree = value !== null && typeof value === 'object' && !Array.isArray(value)
    for (const other of next.keys()) {
      const isBelow = other === path || other.startsWith(`${path}.`)
      if (isTree ? other === path : isBelow) next.delete(other)
    }
    if (value !== null && !isTree) next.set(path, { value, at })
  }
  return next
}

/** Desired leaves that are not reported so. */
function missing(desired: Leaves, reported: Leaves): Leaves {
  return new Map([...desired].filter(([path, { value }]) => JSON.stringify(reported.get(path)?.value) !== JSON.stringify(value)))
}

/** Every value in a tree, the trees in it too, from the top. */
function* branches(node: object, prefix = ''): Iterable<{ path: string; value: unknown }> {
  for (const [name, value] of Object.entries(node)) {
    const path = prefix === '' ? name : `${prefix}.${name}`
    yield { path, value }
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) yield* branches(value, path)
  }
}

function leavesOf(state: object | undefined, metadata: any): Leaves {
  const leaves = new Map<string, { value: unknown; at: number }>()
  for (const { path, value } of branches(state ?? {})) {
    const isTree = value !== null && typeof value === 'object' && !Array.isArray(value)
    if (!isTree) leaves.set(path, { value, at: timestampAt(metadata, path, value) })
  }
  return leaves
}

/** The time of an array is that of its items, which are all the same. */
function timestampAt(metadata: any, path: string, value: unknown): number {
  const found = path.split('.').reduce((node, name) => node[name], metadata)
  return Array.isArray(value) ? found[0].timestamp : found.timestamp
}

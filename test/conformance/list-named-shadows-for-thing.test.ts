import { expect } from 'vitest'
import { deleteShadow, updateShadow } from './shadow.ts'
import { conformance } from './target.ts'

conformance('ListNamedShadowsForThing', ({ behaviour }) => {
  behaviour('lists the named shadows that exist, in pages', { source: '§6 [M]' }, async (target) => {
    const { name: thingName } = await target.thing()
    for (const shadow of ['c', 'a', 'b', 'gone']) await updateShadow(target, thingName, { state: { reported: { x: 1 } } }, shadow)
    await updateShadow(target, thingName, { state: { reported: { classic: true } } })
    await deleteShadow(target, thingName, 'gone')
    const first = await target.data.listNamedShadowsForThing({ thingName, pageSize: 2 })
    const second = await target.data.listNamedShadowsForThing({ thingName, nextToken: first.nextToken! })
    expect([...first.results!, ...second.results!].toSorted()).toEqual(['a', 'b', 'c'])
    expect([first.results!.length, second.nextToken, Number.isInteger(first.timestamp)]).toEqual([2, undefined, true])
  })

  behaviour('a thing without shadows has none', { source: '§6 [M]' }, async (target) => {
    const { name: thingName } = await target.thing()
    expect((await target.data.listNamedShadowsForThing({ thingName })).results).toEqual([])
  })

  behaviour('a page has 1 to 100', { source: '§6 [M]' }, async (target) => {
    const { name: thingName } = await target.thing()
    for (const pageSize of [0, 101])
      await expect(target.data.listNamedShadowsForThing({ thingName, pageSize })).rejects.toMatchObject({ name: 'InvalidRequestException' })
  })
})

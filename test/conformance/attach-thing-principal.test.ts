import { IoTServiceException } from '@aws-sdk/client-iot'
import { expect } from 'vitest'
import { withCertificate } from './certificate.ts'
import { conformance } from './target.ts'

conformance('AttachThingPrincipal', ({ behaviour }) => {
  behaviour('the principal is read from the header, and finds its thing', { row: 82, source: '§3.6 [M]' }, async (target) => {
    await withCertificate(target, async ({ arn }) => {
      const thing = await target.thing()
      await target.iot.attachThingPrincipal({ thingName: thing.name, principal: arn })
      expect((await target.iot.listPrincipalThings({ principal: arn })).things).toEqual([thing.name])
      expect((await target.iot.listThingPrincipals({ thingName: thing.name })).principals).toEqual([arn])
    })
  })

  behaviour('a thing and a certificate that do not exist are not found', { source: '§3.6 [M]' }, async (target) => {
    await withCertificate(target, async ({ arn }) => {
      const missing = target.iot.attachThingPrincipal({ thingName: target.name('none'), principal: arn })
      await expect(missing).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
    })
    const { name } = await target.thing()
    const principal = `arn:aws:iot:${target.region}:${target.account}:cert/${'0'.repeat(64)}`
    await expect(target.iot.attachThingPrincipal({ thingName: name, principal })).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  })

  behaviour('a certificate with an exclusive thing gets no second one', { source: 'client-iot [M]' }, async (target) => {
    await withCertificate(target, async ({ arn }) => {
      const [first, second] = [await target.thing(), await target.thing()]
      await target.iot.attachThingPrincipal({ thingName: first.name, principal: arn, thingPrincipalType: 'EXCLUSIVE_THING' })
      await expect(target.iot.attachThingPrincipal({ thingName: second.name, principal: arn })).rejects.toBeInstanceOf(IoTServiceException)
    })
  })
})

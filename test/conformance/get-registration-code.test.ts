import { expect } from 'vitest'
import { conformance } from './target.ts'

conformance('GetRegistrationCode', ({ behaviour }) => {
  behaviour('the code stays the same', { source: 'client-iot [M]' }, async (target) => {
    const { registrationCode } = await target.iot.getRegistrationCode({})
    expect(registrationCode).toMatch(/^[0-9a-f]{64}$/)
    expect((await target.iot.getRegistrationCode({})).registrationCode).toBe(registrationCode)
  })

  behaviour('after DeleteRegistrationCode there is another one', { source: 'client-iot [M]', embeddedOnly: true }, async (target) => {
    const { registrationCode } = await target.iot.getRegistrationCode({})
    await target.iot.deleteRegistrationCode({})
    expect((await target.iot.getRegistrationCode({})).registrationCode).not.toBe(registrationCode)
  })
})

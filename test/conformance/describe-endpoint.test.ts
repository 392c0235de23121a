import { expect } from 'vitest'
import { conformance } from './target.ts'

conformance('DescribeEndpoint', ({ behaviour }) => {
  for (const endpointType of ['iot:Data-ATS', 'iot:Jobs', 'iot:CredentialProvider', undefined]) {
    behaviour(`${endpointType ?? 'no type'} is a bare host, maybe with a port`, { row: 81, source: '§3.6 [M][G]' }, async ({ iot }) => {
      const { endpointAddress } = await iot.describeEndpoint({ ...(endpointType && { endpointType }) })
      expect(endpointAddress).toMatch(/^[a-z0-9.-]+(:\d+)?$/)
    })
  }

  behaviour('an unknown type is refused', { source: '§3.6 [M]' }, async ({ iot }) => {
    await expect(iot.describeEndpoint({ endpointType: 'iot:Nothing' })).rejects.toMatchObject({ name: 'InvalidRequestException' })
  })
})

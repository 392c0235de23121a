import { expect } from 'vitest'
import { conformance } from './target.ts'

conformance('DescribeEndpoint', ({ behaviour }) => {
  behaviour(
    'iot:Data-ATS, iot:Jobs, iot:CredentialProvider and no type at all are a bare host, maybe with a port',
    { row: 81, source: '§3.6 [M][G]' },
    async ({ iot }) => {
      for (const request of [{ endpointType: 'iot:Data-ATS' }, { endpointType: 'iot:Jobs' }, { endpointType: 'iot:CredentialProvider' }, {}]) {
        expect((await iot.describeEndpoint(request)).endpointAddress).toMatch(/^[a-z0-9.-]+(:\d+)?$/)
      }
    },
  )

  behaviour('an unknown type is refused', { source: '§3.6 [M]' }, async ({ iot }) => {
    await expect(iot.describeEndpoint({ endpointType: 'iot:Nothing' })).rejects.toMatchObject({ name: 'InvalidRequestException' })
  })
})

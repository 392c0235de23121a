import { z } from 'zod'
import type { Operation } from '../http/operation.ts'
import { flag, policyNameIn } from '../identity/input.ts'
import { arnOf } from '../registry/arn.ts'
import { parse } from '../registry/input.ts'
import { policyDocument } from './policy-shapes.ts'

const input = z.object({ policyDocument })

export const createPolicyVersion: Operation = {
  service: 'iot',
  name: 'CreatePolicyVersion',
  method: 'POST',
  path: '/policies/{policyName}/version',
  run({ identities, account }, { params, query, body, region }) {
    const policyName = policyNameIn(params)
    const { policyDocument: document } = parse(input, body)
    const isDefaultVersion = flag(query, 'setAsDefault')
    const { versionId } = identities.policies.addVersion(policyName, document, isDefaultVersion)
    const policyArn = arnOf(region, account, 'policy', policyName)
    return { policyArn, policyDocument: document, policyVersionId: versionId, isDefaultVersion }
  },
}

import { z } from 'zod'
import { AwsError } from '../../errors.ts'
import type { Operation } from '../http/operation.ts'
import { policyNameIn } from '../identity/input.ts'
import { parse, tags } from '../registry/input.ts'
import { listed, policyDocument } from './policy-shapes.ts'

const input = z.object({ policyDocument, tags: tags.optional() })

export const createPolicy: Operation = {
  service: 'iot',
  name: 'CreatePolicy',
  method: 'POST',
  path: '/policies/{policyName}',
  run(cloud, { params, body, region }) {
    const policyName = policyNameIn(params)
    const { policyDocument: document, tags: labels } = parse(input, body)
    const answer = listed(cloud, policyName, region)
    if (cloud.identities.policies.has(policyName)) {
      const members = { resourceId: policyName, resourceArn: answer.policyArn }
      throw new AwsError('ResourceAlreadyExistsException', 409, `Policy cannot be created - name already exists (name=${policyName})`, members)
    }
    const { defaultVersionId } = cloud.identities.policies.create(policyName, document)
    if (labels) cloud.registry.tag(answer.policyArn, labels)
    return { ...answer, policyDocument: document, policyVersionId: defaultVersionId }
  },
}

import { z } from 'zod'
import type { Operation } from '../http/operation.ts'
import { parse } from './input.ts'
import { checkTaggable } from './taggable.ts'

const input = z.object({ resourceArn: z.string(), tagKeys: z.array(z.string()) })

export const untagResource: Operation = {
  service: 'iot',
  name: 'UntagResource',
  method: 'POST',
  path: '/untag',
  run(cloud, { body }) {
    const { resourceArn, tagKeys } = parse(input, body)
    cloud.registry.untag(checkTaggable(cloud, resourceArn), tagKeys)
  },
}

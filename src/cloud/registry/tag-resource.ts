import { z } from 'zod'
import type { Operation } from '../http/operation.ts'
import { parse, tags } from './input.ts'
import { checkTaggable } from './taggable.ts'

const input = z.object({ resourceArn: z.string(), tags })

export const tagResource: Operation = {
  service: 'iot',
  name: 'TagResource',
  method: 'POST',
  path: '/tags',
  run(cloud, { body }) {
    const given = parse(input, body)
    cloud.registry.tag(checkTaggable(cloud, given.resourceArn), given.tags)
  },
}

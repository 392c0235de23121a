import type { Operation } from '../http/operation.ts'
import { checkTaggable } from './taggable.ts'

export const listTagsForResource: Operation = {
  service: 'iot',
  name: 'ListTagsForResource',
  method: 'GET',
  path: '/tags',
  run: (cloud, { query }) => ({ tags: cloud.registry.tagsOf(checkTaggable(cloud, query.get('resourceArn'))) }),
}

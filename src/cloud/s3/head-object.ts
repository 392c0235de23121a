import { getObject } from './get-object.ts'
import type { S3Operation } from './operation.ts'

/** GetObject without the body: status and headers are the same. */
export const headObject: S3Operation = {
  name: 'HeadObject',
  run: (cloud, request) => ({ ...getObject.run(cloud, request), body: '' }),
}

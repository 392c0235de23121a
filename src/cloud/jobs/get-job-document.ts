import type { Operation } from '../http/operation.ts'
import { flag, jobOf } from './lookup.ts'

/**
 * The document as it was given: placeholders of URLs are replaced only on the way to a device. `beforeSubstitution` shows that of a managed template
 * with its placeholders for parameters.
 */
export const getJobDocument: Operation = {
  service: 'iot',
  name: 'GetJobDocument',
  method: 'GET',
  path: '/jobs/{jobId}/job-document',
  run(cloud, request) {
    const { document } = jobOf(cloud, request)
    return { document: flag(request.query, 'beforeSubstitution') ? document.beforeSubstitution : document.text }
  },
}

import type { Operation } from '../http/operation.ts'
import { jobOf } from './lookup.ts'

/** The document as it was given: placeholders are replaced only on the way to a device. */
export const getJobDocument: Operation = {
  service: 'iot',
  name: 'GetJobDocument',
  method: 'GET',
  path: '/jobs/{jobId}/job-document',
  run(cloud, request) {
    return { document: jobOf(cloud, request).document.text }
  },
}

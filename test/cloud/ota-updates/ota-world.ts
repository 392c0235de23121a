import { createThings } from '../mqtt/door-world.ts'
import { ROLE, StreamWorld } from '../streams/stream-world.ts'
import type { Store } from '../../../src/cloud/store/store.ts'

export const ARN = 'arn:aws:iot:us-east-1:123456789012'

/** The image `app` of 1000 bytes. */
export const IN_S3 = { s3Location: { bucket: 'fw', key: 'app' } }

export const CUSTOM_SIGNING = {
  signature: { inlineDocument: 'MEQCIF0=' },
  certificateChain: { certificateName: 'cert.pem', inlineDocument: 'chain' },
  hashAlgorithm: 'SHA256',
  signatureAlgorithm: 'ECDSA',
}

export const FILE = {
  fileName: 'fw.bin',
  fileType: 7,
  fileVersion: '2',
  fileLocation: IN_S3,
  codeSigning: { customCodeSigning: CUSTOM_SIGNING },
  attributes: { a: 'b' },
}

/** A cloud with things `t1` and `t2`, an image, and the operations on OTA updates. `up` is the update that is meant when none is named. */
export class OtaWorld extends StreamWorld {
  constructor(store?: Store) {
    super(store)
    createThings(this.cloud, 't1', 't2')
    this.put('app', 1000)
  }

  create(body: object = {}, otaUpdateId = 'up'): any {
    return this.iot('CreateOTAUpdate', { otaUpdateId }, { targets: [`${ARN}:thing/t1`], files: [FILE], roleArn: ROLE, ...body })
  }

  /** Created, and two steps later. */
  make(body: object = {}, otaUpdateId = 'up'): void {
    this.create(body, otaUpdateId)
    this.clock.run(2000)
  }

  info(otaUpdateId = 'up'): any {
    return this.iot('GetOTAUpdate', { otaUpdateId }).otaUpdateInfo
  }

  job(id = 'up'): any {
    return this.iot('DescribeJob', { jobId: `AFR_OTA-${id}` }).job
  }

  /** What is in the job document. */
  document(id = 'up'): any {
    return JSON.parse(this.iot('GetJobDocument', { jobId: `AFR_OTA-${id}` }).document).afr_ota
  }

  remove(query = '', otaUpdateId = 'up'): void {
    this.iot('DeleteOTAUpdate', { otaUpdateId }, {}, query)
  }
}

import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect } from 'vitest'
import { describeWith } from '../peer.ts'
import { CloudProgram } from './cloud-program.ts'
import { inOrder, Shell } from './shell.ts'

/**
 * The feature "Device Firmware Upgrade over the air" of the nRF Asset Tracker, step by step: the AWS CLI is the user, mosquitto_rr the tracker.
 * mosquitto_rr asks and listens over one connection, because an answer goes to whoever asked and to nobody else.
 */

const JOB = '8e1ec0b4-0f5c-4d2e-9a57-2c1b1b7f3f10'
const TRACKER = 'tracker-352656100367872'
const BUCKET = 'fota'
const HEX = 'SOME HEX DATA'
const JOB_TOPIC = `$aws/things/${TRACKER}/jobs`
const DOCUMENT = {
  operation: 'app_fw_update',
  size: 13,
  filename: '1.0.1.hex',
  location: { protocol: 'https', host: `${BUCKET}.s3.amazonaws.com`, path: JOB },
  fwversion: '1.0.1',
}
const ofExecution = `--job-id ${JOB} --thing-name ${TRACKER}`

describeWith(['AWS CLI', 'mosquitto clients'], 'the user and the tracker', () => {
  let cloud: CloudProgram
  let terminal: Shell

  beforeAll(async () => {
    cloud = await CloudProgram.start()
    terminal = new Shell(cloud)
    writeFileSync(join(terminal.folder, 'body'), HEX)
    writeFileSync(join(terminal.folder, 'document.json'), JSON.stringify(DOCUMENT))
  })

  afterAll(async () => {
    await cloud?.program.interrupt()
    terminal?.close()
  })

  inOrder('a firmware upgrade', () => terminal, [
    { run: `aws iot create-thing --thing-name ${TRACKER}`, out: { thingName: TRACKER } },
    { run: `aws s3 mb s3://${BUCKET}`, out: /make_bucket/ },
    {
      run: `aws s3api put-object --bucket ${BUCKET} --key ${JOB} --body body --content-length 13 --content-type text/x-hex`,
      out: { ETag: `"${createHash('md5').update(HEX).digest('hex')}"` },
    },
    {
      run:
        `aws iot create-job --job-id ${JOB} --targets arn:aws:iot:us-east-1:123456789012:thing/${TRACKER} --document file://document.json ` +
        `--description "Upgrade ${TRACKER} to version 1.0.1." --target-selection SNAPSHOT`,
      out: { jobId: JOB },
    },
    { run: request(`${JOB_TOPIC}/$next/get`), out: { execution: { jobId: JOB, status: 'QUEUED', jobDocument: DOCUMENT } } },
    { run: request(`${JOB_TOPIC}/${JOB}/update`, { status: 'IN_PROGRESS' }), out: { timestamp: expect.any(Number) } },
    { run: `aws iot describe-job-execution ${ofExecution}`, out: { execution: { jobId: JOB, status: 'IN_PROGRESS', versionNumber: 2 } } },
    { run: `aws iot cancel-job-execution ${ofExecution} --force` },
    { run: `aws iot describe-job-execution ${ofExecution}`, out: { execution: { jobId: JOB, status: 'CANCELED' } } },
    { run: `aws s3api delete-object --bucket ${BUCKET} --key ${JOB}` },
    { run: `aws iot delete-job-execution ${ofExecution} --execution-number 1` },
    { run: `aws iot describe-job-execution ${ofExecution}`, error: 'ResourceNotFoundException' },
  ])
})

/** What the tracker publishes, and the answer that it waits for. */
function request(topic: string, payload: object = {}): string {
  return `mosquitto_rr $MQTT -V mqttv311 -W 10 -t '${topic}' -e '${topic}/accepted' -m '${JSON.stringify(payload)}'`
}

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { describeWith } from '../peer.ts'
import { CloudProgram } from './cloud-program.ts'
import { inAnyOrder, inOrder, Shell } from './shell.ts'

/** The AWS CLI in the place of a device, against `fleetsim cloud`; and what it is told when something is wrong. */

const THING = 'arn:aws:iot:us-east-1:123456789012:thing'
/** Blobs go as files: what is typed is base64 in version 2 of the CLI, and plain text before. */
const FILES = {
  'on.json': '{"state":{"desired":{"led":"on"}}}',
  'off.json': '{"state":{"reported":{"led":"off"}}}',
  'bad.json': '{bad',
}

describeWith('AWS CLI', 'devices from the AWS CLI', () => {
  let cloud: CloudProgram
  let terminal: Shell
  const shell = () => terminal

  beforeAll(async () => {
    cloud = await CloudProgram.start()
    terminal = new Shell(cloud)
    for (const [name, content] of Object.entries(FILES)) writeFileSync(join(terminal.folder, name), content)
  })

  afterAll(async () => {
    await cloud?.program.interrupt()
    terminal?.close()
  })

  inOrder('a job for a device', shell, [
    { run: 'aws iot create-thing --thing-name t1', out: { thingArn: `${THING}/t1` } },
    { run: `aws iot create-job --job-id j1 --targets ${THING}/t1 --document '{"operation":"hello"}'`, out: { jobId: 'j1' } },
    {
      run: 'aws iot-jobs-data get-pending-job-executions --thing-name t1',
      out: { inProgressJobs: [], queuedJobs: [{ jobId: 'j1', versionNumber: 1, executionNumber: 1, queuedAt: expect.any(Number) }] },
    },
    {
      run: `aws iot-jobs-data describe-job-execution --thing-name t1 --job-id '$next'`,
      out: { execution: { jobId: 'j1', status: 'QUEUED', thingName: 't1', jobDocument: '{"operation":"hello"}' } },
    },
    {
      run: 'aws iot-jobs-data start-next-pending-job-execution --thing-name t1 --status-details step=download --step-timeout-in-minutes 5',
      out: {
        execution: {
          status: 'IN_PROGRESS',
          statusDetails: { step: 'download' },
          versionNumber: 2,
          approximateSecondsBeforeTimedOut: expect.any(Number),
        },
      },
    },
    {
      run: 'aws iot-jobs-data update-job-execution --thing-name t1 --job-id j1 --status SUCCEEDED --expected-version 9',
      error: 'InvalidStateTransitionException',
      out: /VersionMismatch/,
    },
    {
      run:
        'aws iot-jobs-data update-job-execution --thing-name t1 --job-id j1 --status IN_PROGRESS --expected-version 2 ' +
        '--status-details step=install --include-job-execution-state --include-job-document',
      out: {
        executionState: { status: 'IN_PROGRESS', statusDetails: { step: 'install' }, versionNumber: 3 },
        jobDocument: '{"operation":"hello"}',
      },
    },
    { run: 'aws iot-jobs-data update-job-execution --thing-name t1 --job-id j1 --status SUCCEEDED' },
  ])

  inAnyOrder('a job that is done, and the shadow', shell, [
    { run: 'aws iot describe-job --job-id j1', out: { job: { status: 'COMPLETED', jobProcessDetails: { numberOfSucceededThings: 1 } } } },
    { run: 'aws iot-jobs-data update-job-execution --thing-name t1 --job-id j1 --status FAILED', error: 'InvalidStateTransitionException' },
    { run: 'aws iot-jobs-data describe-job-execution --thing-name t1 --job-id none', error: 'ResourceNotFoundException' },
    { run: 'aws iot-data publish --topic hello/world --qos 1 --payload fileb://on.json' },
    {
      run: 'aws iot-data update-thing-shadow --thing-name t1 --payload fileb://on.json on.out >&2 && aws iot-data update-thing-shadow --thing-name t1 --payload fileb://off.json off.out >&2 && cat off.out',
      out: { state: { reported: { led: 'off' } }, version: 2 },
    },
    {
      run: 'aws iot-data update-thing-shadow --thing-name t1 --shadow-name other --payload fileb://off.json other.out >&2 && cat other.out',
      out: { version: 1 },
    },
    { run: 'aws iot-data update-thing-shadow --thing-name t1 --payload fileb://bad.json bad.out', error: 'InvalidRequestException' },
    { run: 'aws iot-data get-thing-shadow --thing-name none none.out', error: 'ResourceNotFoundException' },
  ])

  inAnyOrder('what the shadow says', shell, [
    {
      run: 'aws iot-data get-thing-shadow --thing-name t1 get.out >&2 && cat get.out',
      out: { state: { desired: { led: 'on' }, reported: { led: 'off' }, delta: { led: 'on' } }, version: 2 },
    },
    { run: 'aws iot-data list-named-shadows-for-thing --thing-name t1', out: { results: ['other'] } },
  ])

  inAnyOrder('what is wrong', shell, [
    { run: 'aws iot describe-job --job-id none', error: 'ResourceNotFoundException' },
    { run: 'aws iot describe-job --job-id none --debug 2>&1 | grep -o "GET /jobs/none HTTP/1.1. 404"', out: /404/ },
    { run: `aws iot create-job --job-id bad --targets ${THING}/t1 --document '{not json'`, error: 'InvalidRequestException', out: /JSON/ },
    { run: `aws iot create-job --job-id bad --targets ${THING}/none --document '{}'`, error: 'ResourceNotFoundException' },
    { run: `aws iot create-job --job-id bad --targets ${THING}/t1`, error: 'InvalidRequestException' },
    { run: 'AWS_SECRET_ACCESS_KEY=wrong aws iot list-jobs', error: 'InvalidSignatureException' },
    { run: 'AWS_SECRET_ACCESS_KEY=wrong aws iot list-jobs --debug 2>&1 | grep -o "GET /jobs HTTP/1.1. 403"', out: /403/ },
    { run: 'AWS_SECRET_ACCESS_KEY=wrong aws iot-jobs-data get-pending-job-executions --thing-name t1', error: 'InvalidSignatureException' },
    { run: 'AWS_SECRET_ACCESS_KEY=wrong aws iot-data get-thing-shadow --thing-name t1 wrong.out', error: 'InvalidSignatureException' },
    { run: 'AWS_ACCESS_KEY_ID=nobody aws iot list-jobs', error: 'UnrecognizedClientException' },
  ])

  inAnyOrder('another region', shell, [
    {
      run: 'aws --region eu-central-1 iot create-thing --thing-name t2',
      out: { thingArn: 'arn:aws:iot:eu-central-1:123456789012:thing/t2' },
    },
    { run: 'aws --region eu-central-1 iot describe-job --job-id j1', out: { job: { jobArn: 'arn:aws:iot:eu-central-1:123456789012:job/j1' } } },
  ])

  describe('a reset', () => {
    test('empties the cloud', async () => {
      expect(await terminal.run('curl -sS -X POST -w " %{http_code}" "$ENDPOINT/_fleetsim/reset"')).toMatchObject({ stdout: '{} 200' })
    })
    inAnyOrder('then', shell, [
      { run: 'aws iot list-things', out: { things: [] } },
      { run: 'aws iot list-jobs', out: { jobs: [] } },
      { run: 'aws iot-data get-thing-shadow --thing-name t1 gone.out', error: 'ResourceNotFoundException' },
    ])
  })
})

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect } from 'vitest'
import { describeWith } from '../peer.ts'
import { CloudProgram } from './cloud-program.ts'
import { inAnyOrder, inOrder, Shell } from './shell.ts'

/** What an operator does from a terminal, from the first thing to the last clean-up, against `fleetsim cloud`. */

const ARN = 'arn:aws:iot:us-east-1:123456789012'
const DOCUMENT = '{"operation":"app_fw_update","fwversion":"1.0.1"}'

/** CreateJob as it comes out of version control. */
const JOB = {
  jobId: 'up',
  targets: [`${ARN}:thinggroup/pilot`],
  document: DOCUMENT,
  description: 'to 1.0.1',
  targetSelection: 'SNAPSHOT',
  jobExecutionsRolloutConfig: {
    maximumPerMinute: 1000,
    exponentialRate: { baseRatePerMinute: 1000, incrementFactor: 1.5, rateIncreaseCriteria: { numberOfSucceededThings: 50 } },
  },
  abortConfig: { criteriaList: [{ failureType: 'FAILED', action: 'CANCEL', thresholdPercentage: 20, minNumberOfExecutedThings: 100 }] },
  timeoutConfig: { inProgressTimeoutInMinutes: 10 },
  tags: [{ Key: 'stage', Value: 'test' }],
}
const { tags: _, document: __, ...DESCRIBED } = JOB

describeWith('AWS CLI', 'jobs from the AWS CLI', () => {
  let cloud: CloudProgram
  let terminal: Shell
  const shell = () => terminal

  beforeAll(async () => {
    cloud = await CloudProgram.start()
    terminal = new Shell(cloud)
    writeFileSync(join(terminal.folder, 'job.json'), JSON.stringify(JOB))
  })

  afterAll(async () => {
    await cloud?.program.interrupt()
    terminal?.close()
  })

  inAnyOrder('things and groups', shell, [
    { run: 'aws iot describe-endpoint --endpoint-type iot:Data-ATS', out: { endpointAddress: expect.stringMatching(/^127\.0\.0\.1:\d+$/) } },
    {
      run: 'for n in 1 2 3; do aws iot create-thing --thing-name tracker-$n --attribute-payload attributes={model=nrf9160} --query thingArn; done',
      out: new RegExp([1, 2, 3].map((n) => `"${ARN}:thing/tracker-${n}"\n`).join('')),
    },
    {
      run: 'aws iot create-thing-group --thing-group-name pilot --tags Key=stage,Value=test',
      out: { thingGroupName: 'pilot', thingGroupArn: `${ARN}:thinggroup/pilot` },
    },
    { run: 'aws iot create-thing-group --thing-group-name late', out: { thingGroupName: 'late' } },
  ])

  inAnyOrder('members', shell, [
    { run: 'for n in 1 2; do aws iot add-thing-to-thing-group --thing-group-name pilot --thing-name tracker-$n; done' },
    {
      run: 'aws iot describe-thing --thing-name tracker-1',
      out: { version: 1, attributes: { model: 'nrf9160' }, thingId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    },
    { run: 'aws iot add-thing-to-thing-group --thing-group-name late --thing-name tracker-3' },
  ])

  inOrder('a job with an exponential rollout', shell, [
    { run: 'aws iot create-job --cli-input-json file://job.json', out: { jobArn: `${ARN}:job/up`, jobId: 'up', description: 'to 1.0.1' } },
    { run: 'until aws iot describe-job --job-id up --query job.jobProcessDetails.numberOfQueuedThings | grep -qx 2; do sleep 0.2; done' },
  ])

  inAnyOrder('what there is to see of it', shell, [
    {
      run: 'aws iot describe-job --job-id up',
      out: {
        job: {
          ...DESCRIBED,
          jobArn: `${ARN}:job/up`,
          status: 'IN_PROGRESS',
          createdAt: expect.stringMatching(/^20\d\d-/),
          jobProcessDetails: { numberOfQueuedThings: 2, numberOfInProgressThings: 0, numberOfSucceededThings: 0, numberOfCanceledThings: 0 },
        },
      },
    },
    { run: 'aws iot list-jobs --status IN_PROGRESS', out: { jobs: [{ jobId: 'up', status: 'IN_PROGRESS', targetSelection: 'SNAPSHOT' }] } },
    { run: 'aws iot list-jobs --status CANCELED', out: { jobs: [] } },
    {
      run: 'aws iot list-job-executions-for-job --job-id up --page-size 1',
      out: {
        executionSummaries: [
          { thingArn: `${ARN}:thing/tracker-1`, jobExecutionSummary: { status: 'QUEUED', executionNumber: 1 } },
          { thingArn: `${ARN}:thing/tracker-2`, jobExecutionSummary: { status: 'QUEUED', executionNumber: 1 } },
        ],
      },
    },
    { run: 'aws iot list-job-executions-for-job --job-id up --status SUCCEEDED', out: { executionSummaries: [] } },
    {
      run: 'aws iot list-job-executions-for-thing --thing-name tracker-1',
      out: { executionSummaries: [{ jobId: 'up', jobExecutionSummary: { status: 'QUEUED', executionNumber: 1, retryAttempt: 0 } }] },
    },
    {
      run: 'aws iot describe-job-execution --job-id up --thing-name tracker-1',
      out: { execution: { jobId: 'up', status: 'QUEUED', thingArn: `${ARN}:thing/tracker-1`, executionNumber: 1, versionNumber: 1 } },
    },
    { run: 'aws iot get-job-document --job-id up', out: { document: DOCUMENT } },
    { run: `aws iot list-tags-for-resource --resource-arn ${ARN}:job/up`, out: { tags: [{ Key: 'stage', Value: 'test' }] } },
    { run: 'aws iot create-job --cli-input-json file://job.json', error: 'ResourceAlreadyExistsException' },
    {
      run: `aws iot associate-targets-with-job --job-id up --targets ${ARN}:thinggroup/late`,
      error: 'InvalidRequestException',
      out: /CONTINUOUS/,
    },
  ])

  inOrder('a job that is changed', shell, [
    { run: 'aws iot update-job --job-id up --description changed --timeout-config inProgressTimeoutInMinutes=20' },
    { run: `aws iot tag-resource --resource-arn ${ARN}:job/up --tags Key=owner,Value=me` },
  ])
  inAnyOrder('what came of it', shell, [
    { run: 'aws iot describe-job --job-id up', out: { job: { description: 'changed', timeoutConfig: { inProgressTimeoutInMinutes: 20 } } } },
    { run: `aws iot list-tags-for-resource --resource-arn ${ARN}:job/up`, out: { tags: [{ Key: 'stage' }, { Key: 'owner', Value: 'me' }] } },
    {
      run: `aws iot create-job --job-id stay --targets ${ARN}:thinggroup/pilot --target-selection CONTINUOUS --document '{}'`,
      out: { jobId: 'stay' },
    },
    { run: 'aws iot-jobs-data start-next-pending-job-execution --thing-name tracker-2', out: { execution: { jobId: 'up', versionNumber: 2 } } },
  ])
  inAnyOrder('what is not allowed', shell, [
    { run: `aws iot associate-targets-with-job --job-id stay --targets ${ARN}:thinggroup/late`, out: { jobId: 'stay', jobArn: `${ARN}:job/stay` } },
    { run: 'aws iot cancel-job-execution --job-id up --thing-name tracker-2', error: 'InvalidStateTransitionException' },
    { run: 'aws iot delete-job --job-id up', error: 'InvalidStateTransitionException' },
  ])

  inOrder('an end with force', shell, [{ run: 'aws iot cancel-job-execution --job-id up --thing-name tracker-2 --force --status-details why=test' }])
  inAnyOrder('a cancelled job', shell, [
    {
      run: 'aws iot describe-job-execution --job-id up --thing-name tracker-2',
      out: { execution: { status: 'CANCELED', forceCanceled: true, statusDetails: { detailsMap: { why: 'test' } }, versionNumber: 3 } },
    },
    { run: 'aws iot cancel-job --job-id stay --reason-code ENOUGH --comment "seen enough"', out: { jobId: 'stay' } },
    { run: `aws iot untag-resource --resource-arn ${ARN}:job/up --tag-keys owner stage` },
  ])
  inAnyOrder('what is left of it', shell, [
    {
      run: 'aws iot describe-job --job-id stay',
      out: {
        job: { status: 'CANCELED', reasonCode: 'ENOUGH', comment: 'seen enough', targets: [`${ARN}:thinggroup/pilot`, `${ARN}:thinggroup/late`] },
      },
    },
    { run: `aws iot list-tags-for-resource --resource-arn ${ARN}:job/up`, out: { tags: [] } },
    { run: 'aws iot delete-job-execution --job-id up --thing-name tracker-2 --execution-number 1' },
    { run: 'aws iot delete-job-execution --job-id up --thing-name tracker-1 --execution-number 1 --force' },
  ])
  inOrder('what has no executions any more', shell, [{ run: 'aws iot list-job-executions-for-job --job-id up', out: { executionSummaries: [] } }])
  inAnyOrder('what is removed', shell, [
    { run: 'aws iot delete-job --job-id stay' },
    { run: 'aws iot delete-job --job-id up --force' },
    { run: 'aws iot remove-thing-from-thing-group --thing-group-name pilot --thing-name tracker-1' },
  ])
  inAnyOrder('what is left at the end', shell, [
    { run: 'aws iot list-jobs', out: { jobs: [] } },
    { run: 'aws iot describe-job --job-id up', error: 'ResourceNotFoundException' },
    { run: 'aws iot delete-thing --thing-name tracker-1' },
    { run: 'aws iot delete-thing-group --thing-group-name pilot' },
  ])
  inAnyOrder('the last things', shell, [
    { run: 'aws iot list-things --query things[].thingName', out: ['tracker-2', 'tracker-3'] },
    { run: 'aws iot describe-thing-group --thing-group-name pilot', error: 'ResourceNotFoundException' },
  ])
})

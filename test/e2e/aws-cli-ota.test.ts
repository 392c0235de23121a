import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect } from 'vitest'
import { describeWith } from '../peer.ts'
import { CloudProgram } from './cloud-program.ts'
import { inAnyOrder, inOrder, Shell } from './shell.ts'

/** OTA updates from a terminal: the example of the AWS CLI's own page for create-ota-update, and every option of that page. */

const ARN = 'arn:aws:iot:us-east-1:123456789012'
const SIGNER_JOB = '48c67f3c-63bb-4f92-a98a-4ee0fbc2bef6'

/** The example as AWS has it, but for a comma after `files` without which it is no JSON. */
const EXAMPLE = `{
    "otaUpdateId": "ota12345",
    "description": "A critical update needed right away.",
    "targets": [
        "device1",
        "device2",
        "device3",
        "device4"
    ],
    "targetSelection": "SNAPSHOT",
    "awsJobExecutionsRolloutConfig": {
        "maximumPerMinute": 10
    },
    "files": [
        {
          "fileName": "firmware.bin",
          "fileLocation": {
            "stream": {
              "streamId": "004",
              "fileId":123
            }
          },
          "codeSigning": {
            "awsSignerJobId": "${SIGNER_JOB}"
          }
        }
    ],
    "roleArn": "arn:aws:iam:123456789012:role/service-role/my_ota_role"
}
`

const ROLE = 'arn:aws:iam::123456789012:role/service-role/my_ota_role'
const SIGNATURE = Buffer.from('not really a signature')
const s3Location = { bucket: 'firmware', key: 'app.bin' }

/** A file for each way to sign; the last of them is passed on as it is. */
const FILES = [
  {
    fileName: '/firmware.bin',
    fileType: 3,
    fileVersion: '1.0.1',
    fileLocation: { s3Location },
    codeSigning: {
      startSigningJobParameter: {
        signingProfileParameter: {
          certificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/1',
          platform: 'AmazonFreeRTOS-Default',
          certificatePathOnDevice: '/cert.pem',
        },
        signingProfileName: 'production',
        destination: { s3Destination: { bucket: 'firmware', prefix: 'signed/' } },
      },
    },
    attributes: { color: 'red' },
  },
  {
    fileName: '/second.bin',
    fileLocation: { s3Location },
    codeSigning: {
      customCodeSigning: {
        signature: { inlineDocument: SIGNATURE.toString('base64') },
        certificateChain: { certificateName: 'custom.pem', inlineDocument: 'a chain' },
        hashAlgorithm: 'SHA256',
        signatureAlgorithm: 'RSA',
      },
    },
  },
]

const OPTIONS = [
  '--description "every option"',
  `--targets ${ARN}:thing/device1 ${ARN}:thinggroup/devices`,
  '--protocols HTTP MQTT',
  '--target-selection CONTINUOUS',
  "--aws-job-executions-rollout-config 'maximumPerMinute=100,exponentialRate={baseRatePerMinute=50,incrementFactor=1.5,rateIncreaseCriteria={numberOfSucceededThings=10}}'",
  '--aws-job-presigned-url-config expiresInSec=900',
  "--aws-job-abort-config 'abortCriteriaList=[{failureType=FAILED,action=CANCEL,thresholdPercentage=10.99,minNumberOfExecutedThings=10},{failureType=ALL,action=CANCEL,thresholdPercentage=50,minNumberOfExecutedThings=20}]'",
  '--aws-job-timeout-config inProgressTimeoutInMinutes=60',
  '--files file://files.json',
  `--role-arn ${ROLE}`,
  '--additional-parameters KeyName1=a,KeyName2=b',
  '--tags Key=stage,Value=test Key=owner,Value=me',
].join(' ')

const settled = (id: string) =>
  `until aws iot get-ota-update --ota-update-id ${id} --query otaUpdateInfo.otaUpdateStatus | grep -Eq 'CREATE_(COMPLETE|FAILED)'; do sleep 0.2; done`
const gone = (id: string) => `while aws iot get-ota-update --ota-update-id ${id} > left.json 2> left.txt; do sleep 0.2; done`

describeWith('AWS CLI', 'OTA updates from the AWS CLI', () => {
  let cloud: CloudProgram
  let terminal: Shell
  const shell = () => terminal

  beforeAll(async () => {
    cloud = await CloudProgram.start()
    terminal = new Shell(cloud)
    const put = (name: string, text: string) => writeFileSync(join(terminal.folder, name), text)
    put('create-ota-update.json', EXAMPLE)
    put('files.json', JSON.stringify(FILES))
    put('app.bin', 'x'.repeat(5000))
  })

  afterAll(async () => {
    await cloud?.program.interrupt()
    terminal?.close()
  })

  inOrder('a stream', shell, [
    {
      run: 'for n in 1 2 3 4; do aws iot create-thing --thing-name device$n; done; aws iot create-thing-group --thing-group-name devices',
      out: /device4[^]*devices/,
    },
    { run: 'aws s3 mb s3://firmware && aws s3 cp --no-progress app.bin s3://firmware/app.bin', out: /upload/ },
    {
      run: `aws iot create-stream --stream-id 004 --files 'fileId=123,s3Location={bucket=firmware,key=app.bin}' --role-arn ${ROLE} --description images --tags Key=a,Value=b`,
      out: { streamId: '004', streamArn: `${ARN}:stream/004`, streamVersion: 1, description: 'images' },
    },
  ])

  inAnyOrder('what there is of streams', shell, [
    { run: 'aws iot describe-stream --stream-id 004', out: { streamInfo: { streamVersion: 1, files: [{ fileId: 123, s3Location }] } } },
    { run: 'aws iot list-streams --ascending-order', out: { streams: [{ streamId: '004' }] } },
    { run: `aws iot list-tags-for-resource --resource-arn ${ARN}:stream/004`, out: { tags: [{ Key: 'a', Value: 'b' }] } },
    { run: 'aws iot describe-stream --stream-id none', error: 'ResourceNotFoundException' },
  ])

  inAnyOrder('updates', shell, [
    {
      title: 'the example of the AWS CLI',
      run: 'aws iot create-ota-update --cli-input-json file://create-ota-update.json',
      out: {
        otaUpdateId: 'ota12345',
        awsIotJobId: 'AFR_OTA-ota12345',
        otaUpdateArn: `${ARN}:otaupdate/ota12345`,
        awsIotJobArn: `${ARN}:job/AFR_OTA-ota12345`,
        otaUpdateStatus: expect.stringMatching(/^CREATE_/),
      },
    },
    {
      title: 'every option of the page',
      run: `aws iot create-ota-update --ota-update-id all ${OPTIONS}`,
      out: { otaUpdateId: 'all', awsIotJobId: 'AFR_OTA-all', otaUpdateArn: `${ARN}:otaupdate/all` },
    },
    {
      title: 'a file by shorthand',
      run: `aws iot create-ota-update --ota-update-id short --targets device1 --files 'fileName=a,fileLocation={s3Location={bucket=firmware,key=app.bin}}' --role-arn ${ROLE}`,
      out: { otaUpdateId: 'short' },
    },
    {
      run: `aws iot create-ota-update --ota-update-id bad --targets device9 --files 'fileLocation={s3Location={bucket=firmware,key=app.bin}}' --role-arn ${ROLE}`,
      error: 'ResourceNotFoundException',
      out: /device9/,
    },
    { run: 'aws iot create-ota-update --generate-cli-skeleton', out: { otaUpdateId: '', awsJobAbortConfig: { abortCriteriaList: [{}] } } },
  ])
  inAnyOrder('until they are made', shell, [{ run: settled('ota12345') }, { run: settled('all') }, { run: settled('short') }])

  inAnyOrder('what came of them', shell, [
    {
      title: 'the example names a signing job that AWS Signer does not have here',
      run: 'aws iot get-ota-update --ota-update-id ota12345',
      out: {
        otaUpdateInfo: {
          targets: [1, 2, 3, 4].map((n) => `${ARN}:thing/device${n}`),
          otaUpdateFiles: [{ fileLocation: { stream: { streamId: '004', fileId: 123 } }, codeSigning: { awsSignerJobId: SIGNER_JOB } }],
          otaUpdateStatus: 'CREATE_FAILED',
          errorInfo: { code: 'ResourceNotFoundException', message: expect.stringContaining(SIGNER_JOB) },
        },
      },
    },
    {
      run: 'aws iot get-ota-update --ota-update-id all',
      out: {
        otaUpdateInfo: {
          otaUpdateStatus: 'CREATE_COMPLETE',
          creationDate: expect.stringMatching(/^20\d\d-/),
          description: 'every option',
          targets: [`${ARN}:thing/device1`, `${ARN}:thinggroup/devices`],
          protocols: ['HTTP', 'MQTT'],
          targetSelection: 'CONTINUOUS',
          awsJobExecutionsRolloutConfig: { maximumPerMinute: 100, exponentialRate: { incrementFactor: 1.5 } },
          awsJobPresignedUrlConfig: { expiresInSec: 900 },
          additionalParameters: { KeyName1: 'a', KeyName2: 'b' },
          otaUpdateFiles: [{ fileType: 3, attributes: { color: 'red' } }, { fileName: '/second.bin' }],
        },
      },
    },
    {
      run: 'aws iot describe-job --job-id AFR_OTA-all',
      out: {
        job: {
          presignedUrlConfig: { roleArn: ROLE, expiresInSec: 900 },
          abortConfig: { criteriaList: [{ thresholdPercentage: 10.99 }, { failureType: 'ALL', minNumberOfExecutedThings: 20 }] },
          timeoutConfig: { inProgressTimeoutInMinutes: 60 },
        },
      },
    },
    {
      run: 'aws iot get-job-document --job-id AFR_OTA-all --query document --output text',
      out: {
        afr_ota: {
          protocols: ['MQTT', 'HTTP'],
          streamname: expect.stringMatching(/^AFR_OTA-[0-9a-f-]{36}$/),
          files: [
            { filepath: '/firmware.bin', filesize: 5000, fileid: 0, certfile: '/cert.pem', 'sig-sha256-ecdsa': expect.stringMatching(/^ME/) },
            // Version 1 of the CLI encodes blobs itself, version 2 takes them encoded.
            { filepath: '/second.bin', fileid: 1, certfile: 'custom.pem', 'sig-sha256-rsa': expect.any(String) },
          ],
        },
      },
    },
    { run: `aws iot list-tags-for-resource --resource-arn ${ARN}:otaupdate/all`, out: { tags: [{ Key: 'stage' }, { Key: 'owner', Value: 'me' }] } },
    { run: 'aws iot list-ota-updates --ota-update-status CREATE_FAILED', out: { otaUpdates: [{ otaUpdateId: 'ota12345' }] } },
    { run: 'aws iot list-ota-updates --page-size 1 --query "length(otaUpdates)"', out: /^3\n$/ },
    { run: 'aws s3 ls s3://firmware/signed/', out: / 5000 [0-9a-f-]{36}\n$/ },
    { run: 'aws iot delete-stream --stream-id 004', error: 'DeleteConflictException' },
    { run: 'aws iot delete-ota-update --ota-update-id all', error: 'InvalidRequestException', out: /force/ },
  ])

  inOrder('the example with a signing job that exists', shell, [
    {
      run: 'aws iot get-ota-update --ota-update-id all --query otaUpdateInfo.otaUpdateFiles[0].codeSigning.awsSignerJobId --output text > job',
    },
    { run: `sed s/${SIGNER_JOB}/$(cat job)/ create-ota-update.json > again.json` },
    {
      run: 'aws iot create-ota-update --ota-update-id again --cli-input-json file://again.json --query awsIotJobId',
      out: /AFR_OTA-again/,
    },
    { run: settled('again') },
    {
      run: 'aws iot get-job-document --job-id AFR_OTA-again --query document --output text',
      out: /"streamname":"004","files":\[\{"filepath":"firmware\.bin","filesize":5000,"fileid":123,"certfile":"\/cert\.pem","sig-sha256-ecdsa":"ME/,
    },
  ])

  inAnyOrder('deletions', shell, [
    { run: `aws iot delete-ota-update --ota-update-id all --delete-stream --force-delete-aws-job && ${gone('all')}` },
    { run: `aws iot delete-ota-update --ota-update-id again --force-delete-aws-job && ${gone('again')}` },
    { run: `aws iot delete-ota-update --ota-update-id ota12345 && ${gone('ota12345')}` },
  ])
  inAnyOrder('what is left', shell, [
    { run: 'aws iot update-stream --stream-id 004 --description free', out: { streamVersion: 2, description: 'free' } },
    { run: 'aws iot list-ota-updates --query otaUpdates[].otaUpdateId', out: ['short'] },
    { run: 'aws iot list-jobs --query jobs[].jobId', out: ['AFR_OTA-short'] },
  ])
  inOrder('the last stream of the user', shell, [{ run: 'aws iot delete-stream --stream-id 004' }])
})

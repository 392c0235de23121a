import type { LimitedOperation } from './limits.ts'

/** One rate of an account, and the operations that share it. */
export interface Rate {
  readonly name: string
  readonly perSecond: number
  /** One of its own name, if left out. */
  readonly operations?: readonly LimitedOperation[]
  /** Where the number is from: a tag and a section of the behaviour reference. */
  readonly source: string
}

const QUOTAS_2019 = '§8.3 [Q19]'

/** What AWS grants an account that asked for nothing more (the last public table of quotas, November 2019). Operations that aren't here are not limited. */
export const awsDefault: readonly Rate[] = [
  { name: 'mqtt:Connect', perSecond: 500, source: QUOTAS_2019 },
  { name: 'mqtt:Subscribe', perSecond: 500, source: QUOTAS_2019 },
  { name: 'inbound publishes', perSecond: 20_000, operations: ['mqtt:PublishIn', 'iotdata:Publish'], source: QUOTAS_2019 },
  { name: 'outbound publishes', perSecond: 20_000, operations: ['mqtt:PublishOut'], source: QUOTAS_2019 },
  {
    name: 'jobs data reads',
    perSecond: 200,
    operations: ['iot-jobs-data:DescribeJobExecution', 'iot-jobs-data:GetPendingJobExecutions'],
    source: QUOTAS_2019,
  },
  {
    name: 'jobs data writes',
    perSecond: 200,
    operations: ['iot-jobs-data:StartNextPendingJobExecution', 'iot-jobs-data:UpdateJobExecution'],
    source: QUOTAS_2019,
  },
  ...jobsControl(),
  { name: 'iot:CreateThing', perSecond: 15, source: QUOTAS_2019 },
  { name: 'iot:UpdateThing', perSecond: 10, source: QUOTAS_2019 },
  { name: 'iot:DescribeThing', perSecond: 350, source: QUOTAS_2019 },
  { name: 'iot:ListThings', perSecond: 10, source: QUOTAS_2019 },
  { name: 'iot:CreateThingGroup', perSecond: 25, source: QUOTAS_2019 },
  { name: 'iot:CreateDynamicThingGroup', perSecond: 5, source: QUOTAS_2019 },
  { name: 'iot:AddThingToThingGroup', perSecond: 60, source: QUOTAS_2019 },
  { name: 'iot:RemoveThingFromThingGroup', perSecond: 15, source: QUOTAS_2019 },
  { name: 'iot:AttachPolicy', perSecond: 15, source: QUOTAS_2019 },
  { name: 'iot:AttachThingPrincipal', perSecond: 15, source: QUOTAS_2019 },
  { name: 'iot:RegisterCertificate', perSecond: 10, source: QUOTAS_2019 },
  { name: 'iot:SearchIndex', perSecond: 15, source: QUOTAS_2019 },
]

/** Each has a rate of its own. */
function jobsControl(): Rate[] {
  const operations = [
    'AssociateTargetsWithJob',
    'CancelJob',
    'CancelJobExecution',
    'CreateJob',
    'DeleteJob',
    'DeleteJobExecution',
    'DescribeJob',
    'DescribeJobExecution',
    'GetJobDocument',
    'ListJobExecutionsForJob',
    'ListJobExecutionsForThing',
    'ListJobs',
    'UpdateJob',
  ]
  return operations.map((operation) => ({ name: `iot:${operation}`, perSecond: 10, source: QUOTAS_2019 }))
}

import { AwsError } from '../../errors.ts'
import type { Identities, PolicyAction, PolicyResource, PolicySession } from '../identity/principal.ts'
import type { OperationRequest } from './operation.ts'

type Need = readonly [PolicyAction, PolicyResource]

/** What a certificate's policies have to allow for an operation over HTTPS (guide: policy actions). Operations that are not here are not for devices. */
const NEEDS: Readonly<Record<string, (request: OperationRequest) => readonly Need[]>> = {
  GetPendingJobExecutions: ({ params }) => [['iotjobsdata:GetPendingJobExecutions', `thing/${params['thingName']!}`]],
  StartNextPendingJobExecution: ({ params }) => [['iotjobsdata:StartNextPendingJobExecution', `thing/${params['thingName']!}`]],
  DescribeJobExecution: ({ params }) => [['iotjobsdata:DescribeJobExecution', `thing/${params['thingName']!}`]],
  UpdateJobExecution: ({ params }) => [['iotjobsdata:UpdateJobExecution', `thing/${params['thingName']!}`]],
  GetThingShadow: (request) => [['iot:GetThingShadow', shadow(request)]],
  UpdateThingShadow: (request) => [['iot:UpdateThingShadow', shadow(request)]],
  DeleteThingShadow: (request) => [['iot:DeleteThingShadow', shadow(request)]],
  ListNamedShadowsForThing: ({ params }) => [['iot:ListNamedShadowsForThing', `thing/${params['thingName']!}`]],
  GetRetainedMessage: ({ params }) => [['iot:GetRetainedMessage', `topic/${params['topic']!}`]],
  ListRetainedMessages: () => [['iot:ListRetainedMessages', '*']],
  Publish: ({ params, query }) => {
    const topic = `topic/${params['topic']!}` as const
    const isRetained = query.get('retain')?.toLowerCase() === 'true'
    return isRetained ? [['iot:Publish', topic], ['iot:RetainPublish', topic]] : [['iot:Publish', topic]] // prettier-ignore
  },
}

/** Throws ForbiddenException. */
export function checkAccess(identities: Identities, caller: PolicySession, operation: string, request: OperationRequest): void {
  const needs = Object.hasOwn(NEEDS, operation) ? NEEDS[operation]!(request) : undefined
  if (needs?.every(([action, resource]) => identities.isAllowed(caller, action, resource))) return
  throw new AwsError('ForbiddenException', 403, `The policies of the certificate do not allow ${operation}.`)
}

/** A named shadow is a resource of its own. */
function shadow({ params, query }: OperationRequest): PolicyResource {
  const name = query.get('name')
  return `thing/${params['thingName']!}${name === null ? '' : `/${name}`}`
}

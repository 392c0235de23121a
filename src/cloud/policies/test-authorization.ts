import { z } from 'zod'
import type { Operation } from '../http/operation.ts'
import { certificateIdOfPrincipal } from '../identity/input.ts'
import { parse } from '../registry/input.ts'
import type { Verdict } from './decisions.ts'
import { listed } from './policy-shapes.ts'

const MAX_AUTH_INFOS = 10

const ACTIONS = { PUBLISH: 'iot:Publish', SUBSCRIBE: 'iot:Subscribe', RECEIVE: 'iot:Receive', CONNECT: 'iot:Connect' } as const

const input = z.object({
  principal: z.string(),
  authInfos: z
    .array(z.object({ actionType: z.enum(['PUBLISH', 'SUBSCRIBE', 'RECEIVE', 'CONNECT']).default('CONNECT'), resources: z.array(z.string()) }))
    .min(1)
    .max(MAX_AUTH_INFOS),
  policyNamesToAdd: z.array(z.string()).default([]),
  policyNamesToSkip: z.array(z.string()).default([]),
})

/** What would be decided, and by which policies; a question about several resources is answered as one. */
export const testAuthorization: Operation = {
  service: 'iot',
  name: 'TestAuthorization',
  method: 'POST',
  path: '/test-authorization',
  run(cloud, { query, body, region }) {
    const { identities } = cloud
    const given = parse(input, body)
    const certificateId = certificateIdOfPrincipal(given.principal)
    identities.certificates.certificate(certificateId)
    const session = { principal: { certificateId }, clientId: query.get('clientId') ?? undefined, sourceIp: '127.0.0.1' }
    for (const policyName of given.policyNamesToAdd) identities.policies.policy(policyName)
    const names = [...new Set([...identities.policiesFor(session), ...given.policyNamesToAdd])].filter(
      (name) => !given.policyNamesToSkip.includes(name),
    )
    const decisions = identities.decisionsBy(session, names)
    const authResults = given.authInfos.map((authInfo) => {
      const verdicts = authInfo.resources.map((resource) => decisions.explain(ACTIONS[authInfo.actionType], lastPart(resource)))
      const members = (policyNames: Iterable<string>) => [...policyNames].map((policyName) => listed(cloud, policyName, region))
      const allowedBy = new Set(verdicts.flatMap((verdict) => verdict.allowedBy))
      const deniedBy = new Set(verdicts.flatMap((verdict) => verdict.deniedBy))
      const silent = names.filter((name) => !allowedBy.has(name) && !deniedBy.has(name))
      return {
        authInfo,
        allowed: { policies: members(allowedBy) },
        denied: { implicitDeny: { policies: members(silent) }, explicitDeny: { policies: members(deniedBy) } },
        authDecision: decisionOf(verdicts),
        missingContextValues: [],
      }
    })
    return { authResults }
  },
}

function decisionOf(verdicts: readonly Verdict[]): 'ALLOWED' | 'EXPLICIT_DENY' | 'IMPLICIT_DENY' {
  if (verdicts.some(({ deniedBy }) => deniedBy.length > 0)) return 'EXPLICIT_DENY'
  return verdicts.every(({ allowedBy }) => allowedBy.length > 0) ? 'ALLOWED' : 'IMPLICIT_DENY'
}

/** `topic/a/b` of an ARN; what is no ARN is taken as it is. */
function lastPart(resource: string): string {
  return /^arn:[^:]*:iot:[^:]*:[^:]*:(.+)$/.exec(resource)?.[1] ?? resource
}

import { createHash, randomUUID } from 'node:crypto'
import type { PolicySession } from '../../../src/cloud/identity/principal.ts'
import { newWorld } from '../http/world.ts'
import type { World } from '../http/world.ts'

const ACCOUNT = '123456789012'
const REGION = 'us-east-1'

export type Statement = Readonly<Record<string, unknown>>

export function document(...statements: readonly Statement[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements })
}

export function allow(action: string | readonly string[], resource: string | readonly string[], more: Statement = {}): Statement {
  return { Effect: 'Allow', Action: action, Resource: resource, ...more }
}

export function deny(action: string | readonly string[], resource: string | readonly string[], more: Statement = {}): Statement {
  return { Effect: 'Deny', Action: action, Resource: resource, ...more }
}

/** `arn:aws:iot:us-east-1:123456789012:topic/a/b`. */
export function arn(resource: string): string {
  return `arn:aws:iot:${REGION}:${ACCOUNT}:${resource}`
}

/** A cloud in which a test puts certificates, policies and things past the doors. */
export class IdentityWorld {
  readonly world: World
  constructor(options: Parameters<typeof newWorld>[0] = {}) {
    this.world = newWorld(options)
  }

  get cloud(): World['cloud'] {
    return this.world.cloud
  }

  /** The id of an ACTIVE certificate with these policies, attached to these things, which are made. */
  certificate({ policies = [], things = [], pem = '' }: { policies?: readonly string[]; things?: readonly string[]; pem?: string } = {}): string {
    const { certificates, thingPrincipals } = this.cloud.identities
    const certificateId = createHash('sha256').update(randomUUID()).digest('hex')
    certificates.add({ certificateId, pem, status: 'ACTIVE', caCertificateId: undefined, mode: 'DEFAULT' })
    for (const policy of policies) this.attach(policy, `cert/${certificateId}`)
    for (const thing of things) {
      if (!this.cloud.registry.hasThing(thing)) this.world.send('iot', 'POST', `/things/${thing}`)
      thingPrincipals.attach(thing, certificateId, 'NON_EXCLUSIVE_THING')
    }
    return certificateId
  }

  /** Makes a policy of the document and attaches it. */
  attach(policyDocument: string, target: `cert/${string}` | `thinggroup/${string}`): string {
    const { policies, attachments } = this.cloud.identities
    const policyName = `p${policies.list().length + 1}`
    policies.create(policyName, policyDocument)
    attachments.attach(policyName, target)
    return policyName
  }

  session(certificateId: string, clientId: string | undefined, more: Partial<PolicySession> = {}): PolicySession {
    return { principal: { certificateId }, clientId, sourceIp: '10.1.2.3', ...more }
  }
}

import { Attachments } from '../policies/attachments.ts'
import type { PolicyTarget } from '../policies/attachments.ts'
import { CaCertificates } from '../certificates/ca-certificates.ts'
import { certificateIdOf, Certificates } from '../certificates/certificates.ts'
import type { Cloud } from '../cloud.ts'
import { Decisions } from '../policies/decisions.ts'
import type { NamedStatement } from '../policies/decisions.ts'
import { Policies } from '../policies/policies.ts'
import { registerAtFirstSight } from '../certificates/register-at-first-sight.ts'
import type { Identities, PolicyAction, PolicyResource, PolicySession, Principal } from './principal.ts'
import { SessionFacts } from './session-facts.ts'
import type { ConnectedThing } from './session-facts.ts'
import { ThingPrincipals } from './thing-principals.ts'

type Context = Pick<Cloud, 'clock' | 'account' | 'registry' | 'bus' | 'store'>

interface SessionDecisions {
  readonly decisions: Decisions
  /** State of everything but the thing when they were made. */
  readonly generation: number
  readonly thing: ConnectedThing['thing'] | undefined
}

/** Certificates of devices, the things they are attached to, and what their policies allow. */
export class LocalIdentities implements Identities {
  readonly certificates: Certificates
  readonly caCertificates: CaCertificates
  readonly policies: Policies
  /** Policies of certificates and of thing groups. */
  readonly attachments: Attachments
  readonly thingPrincipals: ThingPrincipals
  readonly #registry: Context['registry']
  readonly #context: Context
  readonly #listeners: ((certificateId: string) => void)[] = []
  readonly #sessions = new WeakMap<PolicySession, SessionDecisions>()
  /** Grows with every change that may change a decision, but for the record of a thing. */
  #generation = 0

  constructor(context: Context) {
    const changed = () => void (this.#generation += 1)
    this.#context = context
    this.#registry = context.registry
    this.certificates = new Certificates(context, (certificateId) => this.#withdraw(certificateId))
    this.caCertificates = new CaCertificates(context)
    this.policies = new Policies(context, changed)
    this.attachments = new Attachments(context, changed)
    this.thingPrincipals = new ThingPrincipals(context, changed)
    this.#registry.onChange(changed)
  }

  principal(certificate: Uint8Array): Principal | undefined {
    const certificateId = certificateIdOf(certificate)
    const known = this.certificates.get(certificateId)
    if (!known) registerAtFirstSight(this.#context, this, certificate)
    return known?.status === 'ACTIVE' ? { certificateId } : undefined
  }

  isAllowed(session: PolicySession, action: PolicyAction, resource: PolicyResource): boolean {
    const thing = this.#connectedThing(session)
    const known = this.#sessions.get(session)
    if (known?.generation === this.#generation && known.thing === thing?.thing) return known.decisions.isAllowed(action, resource)
    const decisions = this.#decide(session, thing, this.statementsOf(this.policiesFor(session)))
    this.#sessions.set(session, { decisions, generation: this.#generation, thing: thing?.thing })
    return decisions.isAllowed(action, resource)
  }

  thingsOf(principal: Principal): readonly string[] {
    return [...this.thingPrincipals.thingsOf(principal.certificateId).keys()]
  }

  /** Ids of the certificates that are attached to a thing. */
  principalsOf(thing: string): readonly string[] {
    return [...this.thingPrincipals.certificatesOf(thing).keys()]
  }

  onWithdrawn(listener: (certificateId: string) => void): void {
    this.#listeners.push(listener)
  }

  /** What a session may do by these policies. */
  decisionsBy(session: PolicySession, policyNames: Iterable<string>): Decisions {
    return this.#decide(session, this.#connectedThing(session), this.statementsOf(policyNames))
  }

  /**
   * Names of the policies of an ACTIVE certificate and of the groups above its things. With a client id only the thing of that name counts (guide:
   * static thing groups); an HTTPS request has none, and all things of the certificate count.
   */
  policiesFor({ principal, clientId }: PolicySession): ReadonlySet<string> {
    if (this.certificates.get(principal.certificateId)?.status !== 'ACTIVE') return new Set()
    const things = this.thingsOf(principal).filter((thing) => clientId === undefined || thing === clientId)
    return this.policiesOf([`cert/${principal.certificateId}`, ...things.flatMap((thing) => [...this.groupTargetsOf(thing)])])
  }

  /** Names of the policies that are attached to these targets themselves. */
  policiesOf(targets: readonly PolicyTarget[]): ReadonlySet<string> {
    return new Set(targets.flatMap((target) => [...this.attachments.policiesOf(target)]))
  }

  *statementsOf(policyNames: Iterable<string>): Iterable<NamedStatement> {
    for (const policyName of policyNames) for (const statement of this.policies.statementsOf(policyName)) yield { policyName, statement }
  }

  /** The target itself, then the groups above it: above a group, or above the things of a certificate. */
  targetsAbove(target: PolicyTarget): readonly PolicyTarget[] {
    const name = target.slice(target.indexOf('/') + 1)
    const above = target.startsWith('cert/')
      ? this.thingsOf({ certificateId: name }).flatMap((thing) => [...this.groupTargetsOf(thing)])
      : this.#registry.group(name).ancestors.map((group): PolicyTarget => `thinggroup/${group.name}`)
    return [target, ...above]
  }

  /** The groups that a thing is in, with all groups above them. */
  *groupTargetsOf(thing: string): Iterable<PolicyTarget> {
    for (const group of this.#registry.groupsOf(thing)) {
      yield `thinggroup/${group.name}`
      for (const { name } of group.ancestors) yield `thinggroup/${name}`
    }
  }

  reset(): void {
    this.#generation += 1
    this.certificates.reset()
    this.caCertificates.reset()
    this.policies.reset()
    this.attachments.reset()
    this.thingPrincipals.reset()
  }

  #decide(session: PolicySession, thing: ConnectedThing | undefined, statements: Iterable<NamedStatement>): Decisions {
    const pem = this.certificates.get(session.principal.certificateId)?.pem
    const facts = new SessionFacts(session, pem, thing)
    return new Decisions(
      statements,
      (key) => facts.values(key),
      (variable) => facts.value(variable),
    )
  }

  #connectedThing({ clientId, principal }: PolicySession): ConnectedThing | undefined {
    if (clientId === undefined || !this.thingPrincipals.isAttached(clientId, principal.certificateId)) return undefined
    return this.#registry.hasThing(clientId) ? { name: clientId, thing: this.#registry.thing(clientId) } : undefined
  }

  #withdraw(certificateId: string): void {
    this.#generation += 1
    for (const listener of this.#listeners) listener(certificateId)
  }
}

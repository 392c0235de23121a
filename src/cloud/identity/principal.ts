/** Who is at the other end of a TLS connection: a certificate that is registered and ACTIVE. */
export interface Principal {
  /** 64 hexadecimal digits, in lower case. */
  readonly certificateId: string
}

/** A principal with a connection: what policy variables are filled from. */
export interface PolicySession {
  readonly principal: Principal
  /** Undefined for an HTTPS request. */
  readonly clientId: string | undefined
  readonly sourceIp: string
  /** What the client asked for by SNI. */
  readonly domainName?: string | undefined
}

export type PolicyAction =
  | 'iot:Connect'
  | 'iot:Publish'
  | 'iot:RetainPublish'
  | 'iot:Subscribe'
  | 'iot:Receive'
  | 'iot:GetThingShadow'
  | 'iot:UpdateThingShadow'
  | 'iot:DeleteThingShadow'
  | 'iot:ListNamedShadowsForThing'
  | 'iot:GetRetainedMessage'
  | 'iot:ListRetainedMessages'
  | 'iotjobsdata:DescribeJobExecution'
  | 'iotjobsdata:GetPendingJobExecutions'
  | 'iotjobsdata:StartNextPendingJobExecution'
  | 'iotjobsdata:UpdateJobExecution'

/** The last part of an ARN: `client/tracker-1`, `topic/a/b`, `topicfilter/a/#`, `thing/tracker-1`; `*` for actions without a resource. */
export type PolicyResource = `client/${string}` | `topic/${string}` | `topicfilter/${string}` | `thing/${string}` | '*'

/** Certificates and their policies as the doors see them. */
export interface Identities {
  /** Whose certificate this is (DER, as `TLSSocket.getPeerX509Certificate().raw`), or undefined when it is unknown or not ACTIVE. */
  principal(certificate: Uint8Array): Principal | undefined
  /** Whether the policies of the certificate, and of the thing groups that its things are in, allow it: a Deny wins, nothing said is no. */
  isAllowed(session: PolicySession, action: PolicyAction, resource: PolicyResource): boolean
  /** Names of the things that the certificate is attached to. */
  thingsOf(principal: Principal): readonly string[]
  /** Tells of certificates that were deactivated, revoked or deleted: their connections end. */
  onWithdrawn(listener: (certificateId: string) => void): void
}

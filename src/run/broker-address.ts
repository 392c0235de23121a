import type { BrokerAddress } from '../transport/broker-address.ts'
import type { CloudDoors } from './worker-protocol.ts'

/** Where a device finds its broker, and what it shows there. */
export function addressFor({ host, port, certificates, ca, alpn }: Omit<CloudDoors, 'probe'>, device: string): BrokerAddress {
  if (!certificates) return { host, port }
  const certificate = 'shared' in certificates ? certificates.shared : certificates.own.get(device)
  if (!certificate) throw new RangeError(`no certificate for ${device}`)
  return { host, port, tls: { ...certificate, ca, ...(alpn !== undefined && { alpn }) } }
}

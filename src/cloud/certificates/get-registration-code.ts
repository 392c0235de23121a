import type { Operation } from '../http/operation.ts'

/** The common name that a verification certificate must have: whoever makes one holds the key of the authority. */
export const getRegistrationCode: Operation = {
  service: 'iot',
  name: 'GetRegistrationCode',
  method: 'GET',
  path: '/registrationcode',
  run({ identities }) {
    return { registrationCode: identities.caCertificates.registrationCode() }
  },
}

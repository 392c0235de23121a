import type { Operation } from '../http/operation.ts'

/** The next GetRegistrationCode gives another one. */
export const deleteRegistrationCode: Operation = {
  service: 'iot',
  name: 'DeleteRegistrationCode',
  method: 'DELETE',
  path: '/registrationcode',
  run({ identities }) {
    identities.caCertificates.deleteRegistrationCode()
  },
}

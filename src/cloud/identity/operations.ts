import type { Operation } from '../http/operation.ts'
import { attachThingPrincipal } from './attach-thing-principal.ts'
import { detachThingPrincipal } from './detach-thing-principal.ts'
import { listPrincipalThingsV2 } from './list-principal-things-v2.ts'
import { listPrincipalThings } from './list-principal-things.ts'
import { listThingPrincipalsV2 } from './list-thing-principals-v2.ts'
import { listThingPrincipals } from './list-thing-principals.ts'

/** Which certificate is whose (aws-iot.md §3.6). */
export const identityOperations: readonly Operation[] = [
  attachThingPrincipal,
  detachThingPrincipal,
  listThingPrincipals,
  listThingPrincipalsV2,
  listPrincipalThings,
  listPrincipalThingsV2,
]

import { createRequire } from 'node:module'
import type * as Library from '@peculiar/x509'

const require = createRequire(import.meta.url)
let library: typeof Library | undefined

/** The library of certificates, loaded when the first certificate is made: it takes a quarter of a second, which a cloud without certificates is spared. */
export function x509(): typeof Library {
  if (!library) {
    require('reflect-metadata')
    library = require('@peculiar/x509') as typeof Library
  }
  return library
}

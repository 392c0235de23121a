import { createRequire } from 'node:module'

type Library = typeof import('@peculiar/x509')

const require = createRequire(import.meta.url)
let library: Library | undefined

/** The library of certificates, loaded when the first certificate is made: it takes a quarter of a second, which a cloud without certificates is spared. */
export function x509(): Library {
  if (!library) {
    require('reflect-metadata')
    library = require('@peculiar/x509') as Library
  }
  return library
}

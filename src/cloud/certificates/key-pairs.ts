import { generateKeyPair, generateKeyPairSync } from 'node:crypto'
import type { KeyObject } from 'node:crypto'

export interface KeyPair {
  readonly publicKey: KeyObject
  readonly privateKey: KeyObject
}

/** Where the keys of devices come from. */
export interface KeyPairs {
  take(): KeyPair
  /** Somebody may ask soon. */
  prepare(): void
}

/** `rsa-2048` is what AWS makes, and takes a tenth of a second or more; `ec-p256` takes less than a millisecond. */
export const DEVICE_KEYS: 'rsa-2048' | 'ec-p256' = 'rsa-2048'

const RSA = { modulusLength: 2048 }
const POOL_SIZE = 4

type Generate = (done: (error: Error | null, publicKey: KeyObject, privateKey: KeyObject) => void) => void

/**
 * A few key pairs in advance, made one after the other on a thread of Node's, so that the cloud goes on meanwhile. Who asks for more than there are
 * waits for one that is made on the spot, and so does everybody else. Makes nothing before it is asked for the first time.
 */
export class KeyPairPool implements KeyPairs {
  readonly #pairs: KeyPair[] = []
  readonly #generate: Generate
  readonly #generateNow: () => KeyPair
  #isFilling = false

  constructor(generate: Generate = (done) => generateKeyPair('rsa', RSA, done), generateNow: () => KeyPair = keyPair) {
    this.#generate = generate
    this.#generateNow = generateNow
  }

  take(): KeyPair {
    const pair = this.#pairs.shift() ?? this.#generateNow()
    this.prepare()
    return pair
  }

  prepare(): void {
    if (DEVICE_KEYS === 'rsa-2048' && !this.#isFilling) this.#fill()
  }

  #fill(): void {
    this.#isFilling = this.#pairs.length < POOL_SIZE
    if (!this.#isFilling) return
    this.#generate((error, publicKey, privateKey) => {
      this.#isFilling = false
      // What can't be made in advance fails when it is asked for.
      if (error) return
      this.#pairs.push({ publicKey, privateKey })
      this.#fill()
    })
  }
}

function keyPair(): KeyPair {
  if (DEVICE_KEYS === 'rsa-2048') return generateKeyPairSync('rsa', RSA)
  return generateKeyPairSync('ec', { namedCurve: 'P-256' })
}

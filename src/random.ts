import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus'
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator'

/** A stream of random numbers of its own for each (seed, index, purpose): what one device draws never depends on another or on the number of workers. */
export class Random {
  readonly #generator: RandomGenerator

  constructor(seed: number, index: number, purpose: string) {
    const a = mix(seed ^ hashText(purpose))
    const b = mix(a ^ Math.imul(index, 0x9e3779b1))
    const c = mix(b + 0x7f4a7c15)
    // A generator of this family must not start with all zeros.
    this.#generator = xoroshiro128plusFromState([a, b, c, mix(c ^ 0x2545f491) | 1])
  }

  /** The next number in [0, 1), with 32 random bits. */
  next(): number {
    return (this.#generator.next() >>> 0) / 2 ** 32
  }

  /** The next number of a normal distribution (Box-Muller; the second number of the pair is not kept). */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()))
    return radius * Math.cos(2 * Math.PI * this.next())
  }

  /** The next 32 random bits, signed. */
  bits(): number {
    return this.#generator.next()
  }
}

/** One number in [0, 1) for (seed, index, purpose), without a stream behind it. */
export function draw(seed: number, index: number, purpose: string): number {
  return (mix(mix(seed ^ hashText(purpose)) ^ Math.imul(index + 1, 0x9e3779b1)) >>> 0) / 2 ** 32
}

/** The finalizer of MurmurHash3: every input bit reaches every output bit. */
function mix(value: number): number {
  let h = value | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

/** FNV-1a, 32 bits. */
function hashText(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash
}

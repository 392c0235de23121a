import { generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { KeyPairPool } from '../../../src/cloud/certificates/key-pairs.ts'
import type { KeyPair } from '../../../src/cloud/certificates/key-pairs.ts'

const newPair = () => generateKeyPairSync('ec', { namedCurve: 'P-256' })

/** A pool whose generator ends when the test says so. */
function newPool() {
  const onTheSpot: KeyPair[] = []
  const waiting: ((error: Error | null, pair?: KeyPair) => void)[] = []
  const pool = new KeyPairPool(
    (done) => waiting.push((error, pair = newPair()) => done(error, pair.publicKey, pair.privateKey)),
    () => {
      onTheSpot.push(newPair())
      return onTheSpot.at(-1)!
    },
  )
  return { pool, onTheSpot, waiting }
}

test('key pairs are made one at a time, until there are four, once somebody asked', () => {
  const { pool, onTheSpot, waiting } = newPool()
  expect(waiting).toHaveLength(0)
  const first = pool.take()
  expect(onTheSpot).toEqual([first])
  for (let i = 0; i < 4; i++) {
    expect(waiting).toHaveLength(1)
    waiting.shift()!(null)
  }
  expect(waiting).toHaveLength(0)
  const taken = new Set(Array.from({ length: 4 }, () => pool.take().privateKey))
  expect([taken.size, onTheSpot.length, waiting.length]).toEqual([4, 1, 1])
  pool.take()
  expect(onTheSpot).toHaveLength(2)
})

test('one that fails is tried again for the next who asks', () => {
  const { pool, waiting } = newPool()
  pool.prepare()
  waiting.shift()!(new Error('no entropy'))
  expect(waiting).toHaveLength(0)
  pool.prepare()
  expect(waiting).toHaveLength(1)
})

import { isIPv4 } from 'node:net'
import { expect, test } from 'vitest'
import { sourceAddress } from '../../../src/transport/packet/source-address.ts'

const NAMES = Array.from({ length: 20_000 }, (_, index) => `trackers-${String(index).padStart(6, '0')}`)

test("to this machine's own broker nearly every device has an address of its own", () => {
  const addresses = NAMES.map((name) => sourceAddress('127.0.0.1', name, 'linux')!)
  expect(addresses.every((address) => isIPv4(address))).toBe(true)
  expect(new Set(addresses).size).toBeGreaterThan(15_000)
})

test('it is the same every time, a host address, and none of 127.0.0.0/16', () => {
  const odd = NAMES.filter((name) => {
    const address = sourceAddress('127.0.0.2', name, 'linux')!
    const [first, second, , last] = address.split('.').map(Number) as [number, number, number, number]
    return address !== sourceAddress('127.0.0.1', name, 'linux') || first !== 127 || second === 0 || last === 0 || last === 255
  })
  expect(odd).toEqual([])
})

test.each([
  ['10.0.0.1', 'linux'],
  ['localhost', 'linux'],
  ['::1', 'linux'],
  ['127.example.com', 'linux'],
  ['127.0.0.1', 'darwin'],
  ['127.0.0.1', 'win32'],
] as const)('to %s on %s the system chooses', (host, system) => {
  expect(sourceAddress(host, 'd1', system)).toBeUndefined()
})

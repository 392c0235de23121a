import { expect, test } from 'vitest'
import { lineUp, type Queued } from '../../src/devices/line.ts'

interface Guest extends Queued<Guest> {
  readonly name: string
}

test('first come, first served, and those that come later go to the end', () => {
  const guest = (name: string): Guest => ({ name, next: undefined })
  let first: Guest | undefined
  const served: string[] = []
  const serve = () => {
    served.push(first!.name)
    first = first!.next
  }
  for (const name of ['a', 'b', 'c']) first = lineUp(first, guest(name))
  serve()
  first = lineUp(first, guest('d'))
  while (first) serve()
  first = lineUp(first, guest('e'))
  serve()
  expect(served).toEqual(['a', 'b', 'c', 'd', 'e'])
  expect(first).toBeUndefined()
})

import type { Draft } from './draft.ts'
import type { Finding } from './problem.ts'

/** Only the embedded cloud can live faster than the world around it. */
export function* checkCloud({ cloud, speed }: Draft): Generator<Finding> {
  if (!cloud || cloud.type === 'embedded' || speed === undefined || speed === 1) return
  const whose = cloud.type === 'aws' ? 'AWS' : `the cloud at ${cloud.endpoint}`
  yield { path: ['time', 'speed'], expected: `1, or nothing: ${whose} keeps real time` }
}

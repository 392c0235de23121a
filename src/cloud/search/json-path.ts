import { isObject } from '../shadow/section.ts'
import type { Json } from '../shadow/section.ts'
import type { Scalar } from './query.ts'

/** Values at a path with dots; keys may have dots themselves. None for an object, each one of an array, undefined where nothing is. */
export function lookUp(value: Json, path: string): readonly Scalar[] | undefined {
  if (!isObject(value)) return undefined
  if (Object.hasOwn(value, path)) return scalars(value[path]!)
  for (let dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1)) {
    const key = path.slice(0, dot)
    const found = Object.hasOwn(value, key) ? lookUp(value[key]!, path.slice(dot + 1)) : undefined
    if (found) return found
  }
  return undefined
}

/** Everything in a value that is no object and no array. */
export function* leaves(value: Json | undefined): Iterable<Scalar> {
  if (value === undefined || value === null) return
  if (typeof value !== 'object') yield value
  else for (const part of Object.values(value) as Json[]) yield* leaves(part)
}

function scalars(value: Json): readonly Scalar[] {
  if (isObject(value)) return []
  return [...leaves(value)]
}

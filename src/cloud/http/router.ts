import type { Operation } from './operation.ts'

export interface Route {
  readonly operation: Operation
  /** Decoded labels of the path. */
  readonly params: Readonly<Record<string, string>>
}

/**
 * Finds the operation of a REST service by method and raw path. The path is split before its labels are decoded, because ARNs and topics arrive
 * with `%2F`; literals are compared after decoding, because clients send both `$next` and `%24next`. A literal wins over a label; a last label
 * written `{topic+}` takes the rest of the path.
 */
export class Router {
  readonly #roots = new Map<string, Node>()
  readonly #firstSegments = new Set<string>()

  constructor(operations: readonly Operation[]) {
    for (const operation of operations) this.#add(operation)
  }

  find(service: Operation['service'], method: string, path: string): Route | undefined {
    const root = this.#roots.get(`${service} ${method}`)
    const segments = split(path)
    const params: Record<string, string> = {}
    const operation = root && segments && walk(root, segments, 0, params)
    return operation && { operation, params }
  }

  /** Whether some operation's path begins like this one: tells an unsigned IoT request from an unsigned S3 request. */
  claims(path: string): boolean {
    return this.#firstSegments.has(split(path)?.[0] ?? '')
  }

  #add(operation: Operation): void {
    const name = `${operation.service} ${operation.method}`
    let node = this.#roots.get(name) ?? newNode()
    this.#roots.set(name, node)
    const segments = operation.path.split('/').slice(1)
    this.#firstSegments.add(segments[0]!)
    for (const segment of segments) {
      const label = /^\{(\w+)(\+?)\}$/.exec(segment)
      node = label ? labelChild(node, label[1]!, label[2] === '+') : literalChild(node, segment)
    }
    if (node.operation) throw new Error(`${node.operation.name} and ${operation.name} have the same method and path`)
    node.operation = operation
  }
}

interface Node {
  readonly literals: Map<string, Node>
  readonly labels: { name: string; greedy: boolean; node: Node }[]
  operation: Operation | undefined
}

function newNode(): Node {
  return { literals: new Map(), labels: [], operation: undefined }
}

function literalChild(node: Node, text: string): Node {
  const child = node.literals.get(text) ?? newNode()
  node.literals.set(text, child)
  return child
}

function labelChild(node: Node, name: string, greedy: boolean): Node {
  const known = node.labels.find((label) => label.name === name && label.greedy === greedy)
  if (known) return known.node
  const child = newNode()
  node.labels.push({ name, greedy, node: child })
  return child
}

function walk(node: Node, segments: readonly string[], at: number, params: Record<string, string>): Operation | undefined {
  const segment = segments[at]
  if (segment === undefined) return node.operation
  const literal = node.literals.get(segment)
  const found = literal && walk(literal, segments, at + 1, params)
  if (found) return found
  if (segment === '') return undefined
  for (const label of node.labels) {
    const operation = label.greedy ? label.node.operation : walk(label.node, segments, at + 1, params)
    if (!operation) continue
    params[label.name] = label.greedy ? segments.slice(at).join('/') : segment
    return operation
  }
  return undefined
}

/** Decoded segments, or undefined when the path isn't valid percent-encoding. */
function split(path: string): string[] | undefined {
  try {
    return path.split('/').slice(1).map(decodeURIComponent)
  } catch {
    return undefined
  }
}

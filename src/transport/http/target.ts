/** URLs that are remembered: a fleet fetches through few at a time, one for each second in which jobs signed them. */
const MAX_TARGETS = 1024
const NOT_A_PATH = /[^\x21-\xff]/

/** Where a request goes. */
export interface Target {
  readonly origin: string
  /** Path and query. */
  readonly path: string
  /** The path without the query, which holds the signature of the day. */
  readonly file: string
  /** What follows the path in the head of every request. */
  readonly opening: string
}

/** Takes `http://` URLs apart, once for each text. */
export class Targets {
  readonly #known = new Map<string, Target>()

  /** Undefined for what can't be written into a request, or is no address. */
  of(url: string): Target | undefined {
    const known = this.#known.get(url)
    if (known) return known
    const target = targetOf(url)
    if (!target) return undefined
    if (this.#known.size >= MAX_TARGETS) this.#known.clear()
    this.#known.set(url, target)
    return target
  }
}

function targetOf(url: string): Target | undefined {
  const pathAt = url.indexOf('/', 'http://'.length)
  const origin = url.slice(0, pathAt)
  const path = url.slice(pathAt)
  if (pathAt < 0 || !URL.canParse(origin) || NOT_A_PATH.test(path)) return undefined
  const [file] = path.split('?', 1) as [string]
  return { origin, path, file, opening: `HTTP/1.1\r\nhost: ${new URL(origin).host}\r\nconnection: keep-alive\r\n` }
}

/** A job document and the presigned URLs in it (§4.8). Placeholders are replaced in the text: nothing is parsed for each device. */

/** `presignedUrlConfig.expiresInSec` when it is not given. */
export const DEFAULT_URL_EXPIRES_SEC = 3600
/** Substitutions in one document. */
const MAX_PLACEHOLDERS = 10

const PLACEHOLDER = /\$\{aws:iot:s3-presigned-url(-v1|-v2)?:([^}]*)\}/g
const OTHER_PLACEHOLDER = /\$\{aws:iot:(?!s3-presigned-url(?:-v1|-v2)?:)[^}]*\}?/
const ENCODED_VERSION = /%3FversionId%3D([^&?]+)$/i

export type Presign = (s3Url: string, expiresInSec: number) => string

export class JobDocument {
  /** As the operator gave it, placeholders included. */
  readonly text: string
  /** The text around the placeholders: one part more than there are URLs. */
  readonly #parts: readonly string[]
  /** S3 URLs of the placeholders, in order. */
  readonly urls: readonly string[]
  #cached: { expiresInSec: number; second: number; text: string } | undefined

  constructor(text: string) {
    this.text = text
    const matches = [...text.matchAll(PLACEHOLDER)]
    this.urls = matches.map(([, form, url]) => objectUrl(unescaped(url ?? ''), form === '-v2'))
    this.#parts = partsBetween(text, matches)
  }

  /** What is wrong with the placeholders, or undefined. */
  get problem(): string | undefined {
    if (this.urls.length > MAX_PLACEHOLDERS) return `a job document has at most ${MAX_PLACEHOLDERS} placeholders, this one has ${this.urls.length}`
    const other = OTHER_PLACEHOLDER.exec(this.text)
    return other ? `the placeholder ${other[0]} is not supported` : undefined
  }

  /** JSON text for a device, with URLs signed now. A signature has the resolution of a second, so the text is kept for as long. */
  forDevice(presign: Presign, expiresInSec: number, second: number): string {
    if (this.urls.length === 0) return this.text
    const cached = this.#cached
    if (cached && cached.second === second && cached.expiresInSec === expiresInSec) return cached.text
    let text = this.#parts[0]!
    this.urls.forEach((url, index) => {
      text += JSON.stringify(presign(url, expiresInSec)).slice(1, -1) + this.#parts[index + 1]!
    })
    this.#cached = { expiresInSec, second, text }
    return text
  }
}

function partsBetween(text: string, matches: readonly RegExpMatchArray[]): string[] {
  const parts: string[] = []
  let from = 0
  for (const match of matches) {
    parts.push(text.slice(from, match.index))
    from = match.index! + match[0].length
  }
  parts.push(text.slice(from))
  return parts
}

/** The placeholder stands inside a JSON string: `\/` and other escapes may occur. */
function unescaped(url: string): string {
  try {
    return String(JSON.parse(`"${url}"`))
  } catch {
    return url
  }
}

/** The second form of the placeholder asks for a version by a suffix that is percent-encoded. */
function objectUrl(url: string, versioned: boolean): string {
  return versioned ? url.replace(ENCODED_VERSION, '?versionId=$1') : url
}

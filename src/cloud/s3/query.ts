/** The query of a request, with what every GET asks of it looked up once. */
export class S3Query extends URLSearchParams {
  readonly versionId: string | undefined = this.get('versionId') ?? undefined
  readonly partNumber: string | undefined = this.get('partNumber') ?? undefined
  /** Headers of the answer: `response-content-type=…` and its like replace what is stored. Undefined when there are none. */
  readonly overrides: Readonly<Record<string, string>> | undefined = overrides(this)
}

const OVERRIDES = ['content-type', 'content-language', 'expires', 'cache-control', 'content-disposition', 'content-encoding']

function overrides(query: URLSearchParams): Record<string, string> | undefined {
  const given = OVERRIDES.filter((name) => query.has(`response-${name}`))
  return given.length === 0 ? undefined : Object.fromEntries(given.map((name) => [name, query.get(`response-${name}`)!]))
}

/** The HTTP port of a device. */
export interface HttpRequest {
  /** GET when it is left out. */
  readonly method?: HttpMethod
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

export interface HttpResponse {
  readonly status: number
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/** Callbacks of one request; exactly one of them is called, once. */
export interface HttpHandler {
  onResponse(response: HttpResponse): void
  /** `reason` is a short word: `reset`, `closed`, `refused`, `timeout`. */
  onFailed(reason: string): void
}

export interface HttpTransport {
  request(request: HttpRequest, handler: HttpHandler): HttpCall
}

export interface HttpCall {
  /** Gives the request up; its handler is not called any more. */
  abort(): void
}

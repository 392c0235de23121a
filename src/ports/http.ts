/** The HTTP port of a device: GET only, since no device kind sends a body. */
export interface HttpRequest {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}

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
  get(request: HttpRequest, handler: HttpHandler): HttpCall
}

export interface HttpCall {
  /** Gives the request up; its handler is not called any more. */
  abort(): void
}

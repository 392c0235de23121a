import type { HttpCall, HttpHandler, HttpRequest, HttpResponse, HttpTransport } from '../ports/http.ts'

/** What an in-process server answers; undefined = nobody listens at that address. */
export type MemoryServer = (request: HttpRequest) => HttpResponse | undefined

const DONE: HttpCall = { abort() {} }

/** HTTP without sockets: the answer is there before `request` returns. */
export class MemoryHttpTransport implements HttpTransport {
  readonly #server: MemoryServer

  constructor(server: MemoryServer) {
    this.#server = server
  }

  request(request: HttpRequest, handler: HttpHandler): HttpCall {
    const response = this.#server(request)
    if (response) handler.onResponse(response)
    else handler.onFailed('refused')
    return DONE
  }
}

import type { HttpCall, HttpHandler, HttpRequest, HttpTransport } from '../../ports/http.ts'
import type { UndiciTransport } from '../undici-http.ts'

/** HTTPS through undici, which is loaded for the first request: it takes long, and a fleet whose cloud is on this machine needs none. */
export class HttpsRequests implements HttpTransport {
  readonly #ca: string | undefined
  #undici: Promise<UndiciTransport> | undefined

  constructor(ca: string | undefined) {
    this.#ca = ca
  }

  request(request: HttpRequest, handler: HttpHandler): HttpCall {
    this.#undici ??= import('../undici-http.ts').then(({ UndiciTransport: Transport }) => new Transport((url) => url, this.#ca))
    let open = true
    let call: HttpCall | undefined
    void this.#undici.then((undici) => {
      if (open) call = undici.request(request, handler)
    })
    return {
      abort() {
        open = false
        call?.abort()
      },
    }
  }

  async close(): Promise<void> {
    const undici = await this.#undici
    await undici?.close()
  }
}

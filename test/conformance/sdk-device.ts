import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const PROGRAM = fileURLToPath(new URL('device-sdk-program.mjs', import.meta.url))

export interface SdkAddress {
  readonly host: string
  readonly port: number
  readonly tls?: { readonly ca?: string; readonly cert: string; readonly key: string }
}

/** What the SDK throws when the service refuses a request; `modeledError` is absent when no answer came. */
class SdkError extends Error {
  readonly modeledError: any
  constructor({ description, modeledError }: { description: string; modeledError?: unknown }) {
    super(description)
    this.modeledError = modeledError
  }
}

/** A device with the AWS IoT Device SDK v2 (device-sdk-program.mjs). */
export class SdkDevice {
  readonly #child: ChildProcess
  readonly #waiting = new Map<number, { resolve: (response: any) => void; reject: (error: Error) => void }>()
  #calls = 0

  private constructor(child: ChildProcess) {
    this.#child = child
    child.on('message', ({ id, response, error }: { id: number; response?: unknown; error?: { description: string } }) => {
      const call = this.#waiting.get(id)
      this.#waiting.delete(id)
      if (error) call?.reject(new SdkError(error))
      else call?.resolve(response)
    })
  }

  static connect(clientId: string, address: SdkAddress): Promise<SdkDevice> {
    const child = fork(PROGRAM, [JSON.stringify({ clientId, ...address })], { serialization: 'advanced', execArgv: [] })
    return new Promise((resolve, reject) => {
      child.once('message', () => resolve(new SdkDevice(child)))
      child.once('exit', (code) => reject(new Error(`the device ended with ${code}`)))
    })
  }

  /** An operation of the jobs client, such as `describeJobExecution`. */
  jobs(operation: string, request: object): Promise<any> {
    return this.#call('jobs', operation, request)
  }

  /** An operation of the shadow client, such as `updateShadow`. */
  shadow(operation: string, request: object): Promise<any> {
    return this.#call('shadow', operation, request)
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#child.once('exit', () => resolve())
      this.#child.disconnect()
    })
  }

  #call(client: 'jobs' | 'shadow', operation: string, request: object): Promise<any> {
    const id = ++this.#calls
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      this.#child.send({ id, client, operation, request })
    })
  }
}

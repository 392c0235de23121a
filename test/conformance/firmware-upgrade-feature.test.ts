import { afterAll, beforeAll } from 'vitest'
import type { Hands } from '../features/firmware-upgrade.ts'
import { firmwareUpgrade } from '../features/firmware-upgrade.ts'
import type { Device } from './device.ts'
import { openTarget } from './target.ts'
import type { Target } from './target.ts'

/** The AWS SDK for JavaScript is the user, MQTT.js the tracker. */
class SdkHands implements Hands {
  readonly #target: Target
  #tracker: Device | undefined

  constructor(target: Target) {
    this.#target = target
  }

  async prepare(): Promise<Record<string, string>> {
    const thing = await this.#target.thing()
    this.#tracker = await this.#target.device({ clientId: thing.name })
    return { fotaBucketName: await this.#target.bucket(), 'tracker:id': thing.name, 'tracker:arn': thing.arn }
  }

  execute(service: 'S3' | 'Iot', operation: string, input: object): Promise<object> {
    const client = (service === 'S3' ? this.#target.s3 : this.#target.iot) as unknown as Record<string, (input: object) => Promise<object>>
    return client[operation]!(input)
  }

  async nextJob(thingName: string): Promise<object | undefined> {
    return (await this.#tracker!.request(`$aws/things/${thingName}/jobs/$next/get`)).payload.execution
  }

  async markInProgress(thingName: string, jobId: string): Promise<void> {
    const { topic } = await this.#tracker!.request(`$aws/things/${thingName}/jobs/${jobId}/update`, { status: 'IN_PROGRESS' })
    if (!topic.endsWith('/accepted')) throw new Error(`the update was answered on ${topic}`)
  }
}

let target: Target
let hands: SdkHands

beforeAll(async () => {
  target = await openTarget()
  hands = new SdkHands(target)
})

afterAll(() => target?.close())

firmwareUpgrade('the AWS SDK and MQTT.js', () => hands)

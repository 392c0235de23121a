import { IoT } from '@aws-sdk/client-iot'
import { IoTDataPlane } from '@aws-sdk/client-iot-data-plane'
import { IoTJobsDataPlane } from '@aws-sdk/client-iot-jobs-data-plane'
import { S3 } from '@aws-sdk/client-s3'
import { startCloud } from '../../src/cloud/start.ts'
import { PassingClock } from './passing-clock.ts'
import type { Connections } from './target.ts'

export interface EmbeddedOptions {
  /** Request rates of the cloud. */
  readonly limits?: 'aws-default'
}

const CREDENTIALS = { accessKeyId: 'AKIAFLEETSIM', secretAccessKey: 'sesame' }
const REGION = 'eu-west-1'

/** An embedded cloud of its own, on free ports, with a clock that can be advanced. */
export async function embeddedTarget({ limits }: EmbeddedOptions): Promise<Connections> {
  const clock = new PassingClock()
  const running = await startCloud({ clock, host: '127.0.0.1', httpPort: 0, mqttPort: 0, credentials: CREDENTIALS, ...(limits && { limits }) })
  const config = { endpoint: running.httpUrl, region: REGION, credentials: CREDENTIALS }
  const clients = { iot: new IoT(config), jobs: new IoTJobsDataPlane(config), data: new IoTDataPlane(config) }
  const s3 = new S3({ ...config, forcePathStyle: true })
  return {
    ...clients,
    s3,
    account: running.cloud.account,
    region: REGION,
    mqtt: { protocol: 'mqtt', host: running.mqttHost, port: running.mqttPort },
    async pass(seconds) {
      clock.pass(seconds * 1000)
    },
    async close() {
      for (const client of [...Object.values(clients), s3]) client.destroy()
      clock.stop()
      await running.close()
    },
  }
}

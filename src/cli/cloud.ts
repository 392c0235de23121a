import type { CommandModule } from 'yargs'
import type { RunningCloud } from '../cloud/start.ts'
import { UserError } from '../errors.ts'
import { environmentOptions } from './environment.ts'
import { checkPort } from './whole-number.ts'

interface Arguments {
  readonly host: string
  readonly 'advertise-host': string | undefined
  readonly 'http-port': number
  readonly 'mqtt-port': number
  readonly data: string | undefined
  readonly reset: boolean
  readonly limits: string
}

const HTTP_PORT = 4610
const MQTT_PORT = 1883
const REGION = 'us-east-1'

/** The embedded cloud serves whoever can reach its ports: this key pair keeps out no one, it only has to be the same on both sides. */
const CREDENTIALS = { accessKeyId: 'FLEETSIM', secretAccessKey: 'fleetsim' }

/** `fleetsim cloud`: the embedded cloud alone, on real ports and in real time, until Ctrl-C. */
export const cloudCommand: CommandModule<object, Arguments> = {
  command: 'cloud',
  describe: 'Run the embedded AWS-compatible cloud alone',
  builder: (yargs) =>
    yargs
      .config(environmentOptions(['host', 'advertise-host', 'http-port', 'mqtt-port', 'data', 'limits']))
      .option('host', { describe: 'Address to listen on', type: 'string', default: '127.0.0.1' })
      .option('advertise-host', { describe: 'Host that clients are told, if not the one above', type: 'string' })
      .option('http-port', { describe: 'Port of the AWS API; 0 takes a free one', type: 'number', default: HTTP_PORT })
      .option('mqtt-port', { describe: 'Port of the MQTT broker; 0 takes a free one', type: 'number', default: MQTT_PORT })
      .option('data', { describe: 'Folder that keeps everything over restarts', type: 'string' })
      .option('reset', { describe: 'Begin with an empty --data folder', type: 'boolean', default: false })
      .option('limits', { describe: 'Request rates: off, aws-default, or a file', type: 'string', default: 'off' }),
  handler: async ({ host, 'advertise-host': advertisedHost, 'http-port': httpPort, 'mqtt-port': mqttPort, data, reset, limits }) => {
    checkPort('http-port', httpPort)
    checkPort('mqtt-port', mqttPort)
    if (reset && data === undefined) throw new UserError('--reset empties the folder of --data: say which one.', 2)
    const stopped = stopSignal()
    process.stdout.write('starting the embedded cloud\n')
    const [{ startCloud }, { ScaledClock }] = await Promise.all([import('../cloud/start.ts'), import('../clock/scaled.ts')])
    const clock = ScaledClock.starting(1)
    const running = await startCloud({
      clock,
      host,
      httpPort,
      mqttPort,
      credentials: CREDENTIALS,
      limits,
      ...(data !== undefined && { data: { folder: data, reset } }),
      ...(advertisedHost !== undefined && { advertisedHost }),
    })
    process.stdout.write(instructions(running, data))
    await stopped
    clock.stop()
    await running.close()
  },
}

/** Lines to paste into a shell, one by one or all at once: the one that listens does so in the background. */
export function instructions({ cloud, httpUrl, mqttHost, mqttPort }: RunningCloud, data?: string): string {
  const aws = `aws --endpoint-url ${httpUrl}`
  return `AWS API  ${httpUrl}   (IoT, IoT Jobs, IoT data, S3)
MQTT     mqtt://${mqttHost}:${mqttPort}
${data === undefined ? 'Nothing is kept: Ctrl-C ends it.' : `Everything is kept in ${data}. Ctrl-C ends it.`}

export AWS_ACCESS_KEY_ID=${CREDENTIALS.accessKeyId}
export AWS_SECRET_ACCESS_KEY=${CREDENTIALS.secretAccessKey}
export AWS_DEFAULT_REGION=${REGION}

${aws} s3 mb s3://firmware
${aws} iot create-thing --thing-name tracker-1
mosquitto_sub -h ${mqttHost} -p ${mqttPort} -t '$aws/things/+/jobs/notify-next' -v &
${aws} iot create-job --job-id hello --targets arn:aws:iot:${REGION}:${cloud.account}:thing/tracker-1 --document '{"operation":"hello"}'
`
}

/** Resolves at the first SIGINT or SIGTERM; a second one ends the process as usual. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve())
    process.once('SIGTERM', () => resolve())
  })
}

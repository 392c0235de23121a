import { homedir } from 'node:os'
import { join } from 'node:path'
import type { CommandModule } from 'yargs'
import type { RunningCloud, StartOptions, TlsAddresses } from '../cloud/start.ts'
import { UserError } from '../errors.ts'
import { environmentOptions } from './environment.ts'
import { checkPort } from './whole-number.ts'

interface Arguments {
  readonly host: string
  readonly 'advertise-host': string | undefined
  readonly 'http-port': number
  readonly 'mqtt-port': number
  readonly tls: boolean
  readonly 'mqtts-port': number
  readonly 'https-port': number
  readonly 'device-https-port': number
  readonly state: string
  readonly data: string | undefined
  readonly reset: boolean
  readonly limits: string
  readonly 'presigned-urls': 'http' | 'https'
}

const HTTP_PORT = 4610
const MQTT_PORT = 1883
const MQTTS_PORT = 8883
/** AWS's 443, which only the system's administrator may open. */
const HTTPS_PORT = 4443
const DEVICE_HTTPS_PORT = 8443
const REGION = 'us-east-1'

/** Of the environment, too: FLEETSIM_MQTT_PORT. */
const OPTIONS = [
  'host',
  'advertise-host',
  'http-port',
  'mqtt-port',
  'mqtts-port',
  'https-port',
  'device-https-port',
  'state',
  'data',
  'limits',
  'presigned-urls',
]

/** Different bugs that are told. */
const MAX_BUGS = 100

/** As LocalCa names it. */
const CA_FILE = 'ca.pem'

/** The embedded cloud serves whoever can reach its ports: this key pair keeps out no one, it only has to be the same on both sides. */
const CREDENTIALS = { accessKeyId: 'FLEETSIM', secretAccessKey: 'fleetsim' }

/** `fleetsim cloud`: the embedded cloud alone, on real ports and in real time, until Ctrl-C. */
export const cloudCommand: CommandModule<object, Arguments> = {
  command: 'cloud',
  describe: 'Run the embedded AWS-compatible cloud alone',
  builder: (yargs) =>
    yargs
      .config(environmentOptions(OPTIONS))
      .option('host', { describe: 'Address to listen on', type: 'string', default: '127.0.0.1' })
      .option('advertise-host', { describe: 'Host that clients are told, if not the one above', type: 'string' })
      .option('http-port', { describe: 'Port of the AWS API; 0 takes a free one', type: 'number', default: HTTP_PORT })
      .option('mqtt-port', { describe: 'Port of the MQTT broker; 0 takes a free one', type: 'number', default: MQTT_PORT })
      .option('tls', { describe: 'The ports with TLS; --no-tls leaves them out', type: 'boolean', default: true })
      .option('mqtts-port', { describe: 'Port of MQTT with certificates (8883 of AWS)', type: 'number', default: MQTTS_PORT })
      .option('https-port', { describe: 'Port of HTTPS, WebSockets and MQTT by ALPN (443 of AWS)', type: 'number', default: HTTPS_PORT })
      .option('device-https-port', { describe: 'Port of HTTPS with certificates (8443 of AWS)', type: 'number', default: DEVICE_HTTPS_PORT })
      .option('state', {
        describe: 'Folder of the authority that signs certificates',
        type: 'string',
        default: stateFolder(),
        defaultDescription: '~/.local/state/fleetsim',
      })
      .option('data', { describe: 'Folder that keeps everything over restarts', type: 'string' })
      .option('reset', { describe: 'Begin with an empty --data folder', type: 'boolean', default: false })
      .option('limits', { describe: 'Request rates: off, aws-default, or a file', type: 'string', default: 'off' })
      .option('presigned-urls', {
        describe: 'Where devices download from: AWS has https only, whose clients have to trust the CA',
        choices: ['http', 'https'] as const,
        default: 'http' as const,
      }),
  handler: async (args) => {
    const { host, 'advertise-host': advertisedHost, 'http-port': httpPort, 'mqtt-port': mqttPort, data, reset, limits } = args
    const { 'presigned-urls': presignedUrls } = args
    for (const name of ['http-port', 'mqtt-port', 'mqtts-port', 'https-port', 'device-https-port'] as const) checkPort(name, args[name])
    if (reset && data === undefined) throw new UserError('--reset empties the folder of --data: say which one.', 2)
    if (presignedUrls === 'https' && !args.tls) throw new UserError('--presigned-urls https needs the ports that --no-tls leaves out.', 2)
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
      presignedUrls,
      onBug: bugReporter(),
      ...(args.tls && { tls: await tlsOptions(args) }),
      ...(data !== undefined && { data: { folder: data, reset } }),
      ...(advertisedHost !== undefined && { advertisedHost }),
    })
    process.stdout.write(instructions(running, data, args.state))
    await stopped
    clock.stop()
    await running.close()
  },
}

/** Lines to paste into a shell, one by one or all at once: the one that listens does so in the background. */
export function instructions({ cloud, httpUrl, mqttHost, mqttPort, tls }: RunningCloud, data?: string, state = ''): string {
  const aws = `aws --endpoint-url ${httpUrl}`
  return `AWS API  ${httpUrl}   (IoT, IoT Jobs, IoT data, S3)
MQTT     mqtt://${mqttHost}:${mqttPort}
${tls ? tlsInstructions(tls, mqttHost, join(state, CA_FILE)) : ''}${data === undefined ? 'Nothing is kept: Ctrl-C ends it.' : `Everything is kept in ${data}. Ctrl-C ends it.`}

export AWS_ACCESS_KEY_ID=${CREDENTIALS.accessKeyId}
export AWS_SECRET_ACCESS_KEY=${CREDENTIALS.secretAccessKey}
export AWS_DEFAULT_REGION=${REGION}

${aws} s3 mb s3://firmware
${aws} iot create-thing --thing-name tracker-1
mosquitto_sub -h ${mqttHost} -p ${mqttPort} -t '$aws/things/+/jobs/notify-next' -v &
${aws} iot create-job --job-id hello --targets arn:aws:iot:${REGION}:${cloud.account}:thing/tracker-1 --document '{"operation":"hello"}'
`
}

/** How clients come through TLS, in the order of the plain addresses. */
function tlsInstructions({ httpsUrl, deviceHttpsUrl, mqttsPort }: TlsAddresses, host: string, caFile: string): string {
  return `HTTPS    ${httpsUrl}   as the AWS API; MQTT over WebSocket at /mqtt, MQTT with certificates by ALPN x-amzn-mqtt-ca
MQTTS    mqtts://${host}:${mqttsPort}   with certificates (aws iot create-keys-and-certificate)
Devices  ${deviceHttpsUrl}   with certificates: jobs, shadows, messages
CA       ${caFile}   (--ca-bundle of the AWS CLI, --cafile of mosquitto)
`
}

/** Where programs keep what they need the next time (XDG base directories). */
function stateFolder(): string {
  return join(process.env['XDG_STATE_HOME'] || join(homedir(), '.local', 'state'), 'fleetsim')
}

async function tlsOptions(args: Arguments): Promise<NonNullable<StartOptions['tls']>> {
  const { LocalCa } = await import('../cloud/certificates/local-ca.ts')
  const ports = { mqttsPort: args['mqtts-port'], httpsPort: args['https-port'], deviceHttpsPort: args['device-https-port'] }
  try {
    return { ca: LocalCa.openOrCreate(args.state, Date.now), ...ports }
  } catch (error) {
    if (error instanceof UserError) throw error
    throw new UserError(`The folder ${args.state} of --state can't be used: ${(error as Error).message}`, 2, { cause: error })
  }
}

/** Tells every bug of the cloud, and the same one only once. */
function bugReporter(): (error: unknown) => void {
  const told = new Set<string>()
  return (error) => {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
    if (told.has(text) || told.size >= MAX_BUGS) return
    told.add(text)
    process.stderr.write(`A bug in the embedded cloud; the client was answered with an internal error. Please report it:\n${text}\n`)
  }
}

/** Resolves at the first SIGINT or SIGTERM; a second one ends the process as usual. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve())
    process.once('SIGTERM', () => resolve())
  })
}

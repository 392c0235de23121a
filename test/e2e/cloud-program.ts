import { Program } from './program.ts'

const ADDRESSES = /^AWS API {2}(\S+) .*\nMQTT {5}mqtt:\/\/(\S+):(\d+)$/m
/** The last line of what it prints at its start. */
const LAST_LINE = /iot create-job .*\n/

/** `fleetsim cloud` on free ports, as somebody starts it in a shell. */
export class CloudProgram {
  readonly program: Program
  readonly httpUrl: string
  readonly mqttHost: string
  readonly mqttPort: number

  private constructor(program: Program, [, httpUrl, mqttHost, mqttPort]: readonly string[]) {
    this.program = program
    this.httpUrl = httpUrl!
    this.mqttHost = mqttHost!
    this.mqttPort = Number(mqttPort)
  }

  static async start(...args: string[]): Promise<CloudProgram> {
    const program = new Program(['cloud', '--http-port', '0', '--mqtt-port', '0', ...args])
    await program.printed(LAST_LINE)
    return new CloudProgram(program, await program.printed(ADDRESSES))
  }
}

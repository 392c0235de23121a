import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import type { Hands } from '../features/firmware-upgrade.ts'
import { firmwareUpgrade } from '../features/firmware-upgrade.ts'
import { describeWith } from '../peer.ts'
import { CloudProgram } from './cloud-program.ts'
import { Shell } from './shell.ts'

/**
 * The AWS CLI is the user, mosquitto_rr the tracker: it asks and listens over one connection, because an answer goes to whoever asked and to
 * nobody else.
 */
class ShellHands implements Hands {
  readonly #shell: Shell

  constructor(shell: Shell) {
    this.#shell = shell
  }

  async prepare(): Promise<Record<string, string>> {
    const thingName = 'tracker-352656100367872'
    const { thingArn } = await this.#run(`aws iot create-thing --thing-name ${thingName}`)
    await this.#run('aws s3 mb s3://fota')
    return { fotaBucketName: 'fota', 'tracker:id': thingName, 'tracker:arn': thingArn }
  }

  async execute(service: 'S3' | 'Iot', operation: string, input: object): Promise<object> {
    const { Body, ...members } = input as { Body?: string }
    const command = operation.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
    // The CLI takes the bytes of an object from a file.
    const body = Body === undefined ? '' : ` --body ${this.#file(Body)}`
    return this.#run(`aws ${service === 'S3' ? 's3api' : 'iot'} ${command} --cli-input-json file://${this.#file(JSON.stringify(members))}${body}`)
  }

  async nextJob(thingName: string): Promise<object | undefined> {
    return (await this.#request(`$aws/things/${thingName}/jobs/$next/get`, {})).execution
  }

  async markInProgress(thingName: string, jobId: string): Promise<void> {
    await this.#request(`$aws/things/${thingName}/jobs/${jobId}/update`, { status: 'IN_PROGRESS' })
  }

  /** The answer on `<topic>/accepted`. */
  #request(topic: string, payload: object): Promise<any> {
    return this.#run(`mosquitto_rr $MQTT -V mqttv311 -W 10 -t '${topic}' -e '${topic}/accepted' -m '${JSON.stringify(payload)}'`)
  }

  async #run(line: string): Promise<any> {
    const { exitCode, stdout, stderr } = await this.#shell.run(line)
    if (exitCode !== 0) throw new Error(`${line}\nended with ${exitCode}: ${stderr}`)
    return stdout.trimStart().startsWith('{') ? JSON.parse(stdout) : {}
  }

  #file(text: string): string {
    const path = join(this.#shell.folder, randomUUID())
    writeFileSync(path, text)
    return path
  }
}

describeWith(['AWS CLI', 'mosquitto clients'], 'the user and the tracker', () => {
  let cloud: CloudProgram
  let terminal: Shell
  let hands: ShellHands

  beforeAll(async () => {
    cloud = await CloudProgram.start()
    terminal = new Shell(cloud)
    hands = new ShellHands(terminal)
  })

  afterAll(async () => {
    await cloud?.program.interrupt()
    terminal?.close()
  })

  firmwareUpgrade('the AWS CLI and mosquitto', () => hands)
})

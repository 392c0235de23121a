import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeWith } from '../peer.ts'
import { CloudProgram } from './cloud-program.ts'
import { inOrder, Shell } from './shell.ts'

/** mosquitto_sub watches what the AWS CLI does, and both do what `fleetsim cloud` tells its user to paste. */

const THINGS = 'arn:aws:iot:us-east-1:123456789012:thing'

/** Runs `line` while somebody listens to each filter, and prints what they heard in the end; `count` messages are waited for. */
function heard(line: string, listeners: readonly (readonly [filter: string, count: number])[]): string {
  const listen = listeners.map(([filter, count], index) => `mosquitto_sub $MQTT -q 1 -v -W 10 -C ${count} -t '${filter}' > heard-${index} &`)
  // What is printed by the line itself is of no interest.
  return [...listen, 'sleep 1', `${line} > answer`, 'wait', 'cat heard-*', 'rm heard-*'].join('\n')
}

describeWith(['AWS CLI', 'mosquitto clients'], 'the AWS CLI and mosquitto_sub', () => {
  let cloud: CloudProgram
  let terminal: Shell

  beforeAll(async () => {
    cloud = await CloudProgram.start()
    terminal = new Shell(cloud)
  })

  afterAll(async () => {
    await cloud?.program.interrupt()
    terminal?.close()
  })

  inOrder('notifications', () => terminal, [
    { run: 'for n in 1 2; do aws iot create-thing --thing-name t$n --query thingName; done', out: /^"t1"\n"t2"\n$/ },
    {
      title: "a new job, on a thing's own topic and through wildcards",
      run: heard(`aws iot create-job --job-id both --targets ${THINGS}/t1 ${THINGS}/t2 --document '{"operation":"hello"}'`, [
        ['$aws/things/t1/jobs/notify-next', 1],
        ['$aws/things/+/jobs/notify-next', 2],
        ['$aws/things/+/jobs/notify', 2],
      ]),
      out: new RegExp(
        [
          String.raw`^\$aws/things/t1/jobs/notify-next (\{"timestamp":\d+,"execution":\{"jobId":"both","status":"QUEUED",.*"jobDocument":\{"operation":"hello"\}\}\})`,
          String.raw`\$aws/things/t1/jobs/notify-next \1`,
          String.raw`\$aws/things/t2/jobs/notify-next \{"timestamp":\d+,"execution":\{"jobId":"both",.*\}`,
          String.raw`\$aws/things/t1/jobs/notify \{"timestamp":\d+,"jobs":\{"QUEUED":\[\{"jobId":"both",.*\}`,
          String.raw`\$aws/things/t2/jobs/notify \{"timestamp":\d+,"jobs":\{"QUEUED":\[\{"jobId":"both",.*\}\n$`,
        ].join('\n'),
      ),
    },
    {
      title: 'a canceled execution',
      run: heard('aws iot cancel-job-execution --job-id both --thing-name t1', [['$aws/things/t1/jobs/+', 2]]),
      out: /^(?=[^]*\/notify \{"timestamp":\d+,"jobs":\{\}\}\n)(?=[^]*\/notify-next \{"timestamp":\d+\}\n)/,
    },
    {
      title: 'a message that was published over HTTP',
      run: heard('aws iot-data publish --topic fleet/news --qos 1 --payload aGk=', [['fleet/#', 1]]),
      out: /^fleet\/news (hi|aGk=)\n$/,
    },
  ])

  test('the lines that the cloud prints, pasted all at once', async () => {
    const lines = /^export [^]*/m.exec(cloud.program.output)![0]
    const shell = terminal.spawn(lines)
    try {
      let printed = ''
      await new Promise<void>((resolve, reject) => {
        shell.stdout!.on('data', (chunk: Buffer) => {
          printed += chunk.toString()
          if (/notify-next .*"hello"/.test(printed) && printed.includes('"jobArn"')) resolve()
        })
        shell.once('close', () => reject(new Error(`nothing was heard of the job:\n${printed}`)))
      })
      expect(printed).toContain('make_bucket: firmware')
      expect(printed).toContain('"thingName": "tracker-1"')
      expect(printed).toMatch(/^\$aws\/things\/tracker-1\/jobs\/notify-next \{"timestamp":\d+,"execution":\{"jobId":"hello",/m)
    } finally {
      process.kill(-shell.pid!, 'SIGKILL')
    }
  })
})

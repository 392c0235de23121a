import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { filled, parseFeature } from './feature-file.ts'
import type { Step } from './feature-file.ts'

/** Who carries the steps out: as the user through a client of AWS, as the tracker through a client of MQTT. */
export interface Hands {
  /** Names that the feature uses: `fotaBucketName`, `tracker:id`, `tracker:arn`. */
  prepare(): Promise<Readonly<Record<string, string>>>
  execute(service: 'S3' | 'Iot', operation: string, input: object): Promise<object>
  /** DescribeJobExecution of `$next`, over MQTT. */
  nextJob(thingName: string): Promise<object | undefined>
  /** UpdateJobExecution with IN_PROGRESS, over MQTT. */
  markInProgress(thingName: string, jobId: string): Promise<void>
}

type Values = Record<string, string>
type Results = Record<string, any>

interface Meaning {
  readonly pattern: RegExp
  run(hands: Hands, values: Values, results: Results, match: RegExpExecArray, payload: any): Promise<void> | void
}

const MEANINGS: readonly Meaning[] = [
  // The hands hold credentials already; how a person gets them is no matter of the rollout.
  { pattern: /^I am authenticated with Cognito$/, run: (_hands, values) => expect(values['tracker:id']).toBeDefined() },
  { pattern: /^I have a random UUID in `(\w+)`$/, run: (_hands, values, _results, [, name]) => void (values[name!] = randomUUID()) },
  {
    pattern: /^I encode this payload into "(\w+)"$/,
    run: (_hands, values, _results, [, name], payload) => void (values[name!] = JSON.stringify(filled(payload, values))),
  },
  {
    pattern: /^I execute "(\w+)" of the AWS (S3|Iot) SDK with$/,
    async run(hands, values, results, [, operation, service], payload) {
      results['awsSdk'] = { res: await hands.execute(service as 'S3' | 'Iot', operation!, filled(payload, values)) }
    },
  },
  {
    pattern: /^the tracker fetches the next job into "(\w+)"$/,
    async run(hands, values, results, [, name]) {
      results[name!] = await hands.nextJob(values['tracker:id']!)
    },
  },
  {
    pattern: /^the tracker marks the job in "(\w+)" as in progress$/,
    run: (hands, values, results, [, name]) => hands.markInProgress(values['tracker:id']!, results[name!].jobId),
  },
  {
    pattern: /^"([\w.]+)" should equal$/,
    run: (_hands, values, results, [, path], payload) => expect(at(results, path!)).toEqual(filled(payload, values)),
  },
  {
    pattern: /^"([\w.]+)" should match$/,
    run: (_hands, values, results, [, path], payload) => expect(at(results, path!)).toMatchObject(filled(payload, values)),
  },
]

const FILE = new URL('device-firmware-upgrade.feature.md', import.meta.url)

/** One test a step of the feature "Device Firmware Upgrade over the air", in order: each builds on those before it. */
export function firmwareUpgrade(name: string, hands: () => Hands): void {
  const feature = parseFeature(readFileSync(FILE, 'utf8'))
  describe(`${feature.title}: ${name}`, () => {
    const values: Values = {}
    const results: Results = {}
    test(feature.needs.join(', '), async () => {
      expect(feature.needs).toEqual(['Connect a tracker'])
      Object.assign(values, await hands().prepare())
    })
    for (const { title, steps } of feature.scenarios)
      describe(title, () => steps.forEach((step) => test(step.text, () => take(step, hands(), values, results))))
  })
}

async function take({ text, payload }: Step, hands: Hands, values: Values, results: Results): Promise<void> {
  const meanings = MEANINGS.filter(({ pattern }) => pattern.test(text))
  expect(meanings, `a meaning of "${text}"`).toHaveLength(1)
  const [meaning] = meanings as [Meaning]
  await meaning.run(hands, values, results, meaning.pattern.exec(text)!, payload)
}

function at(results: Results, path: string): unknown {
  return path.split('.').reduce<any>((value, member) => value?.[member], results)
}

import { describe, expect, test } from 'vitest'
import { Provisioning } from '../../src/controller/provision.ts'
import { devicePolicy } from '../../src/controller/device-policy.ts'
import { sideBySide } from '../../src/controller/side-by-side.ts'
import { fakeAws, refusal } from './fake-aws.ts'

const RUN = 'mwqak5ax-821b51'
const GROUP = `fleetsim-${RUN}-trackers`
const THINGS = ['a', 'b', 'c'].map((name) => `fleetsim-${RUN}-${name}`)

function provisioning(certificates: 'shared' | 'per-device' | 'none', answers: Parameters<typeof fakeAws>[0] = {}) {
  let made = 0
  const createKeysAndCertificate = () => {
    const id = `c${++made}`
    return {
      certificateId: id,
      certificateArn: `arn:aws:iot:eu-west-1:1:cert/${id}`,
      certificatePem: `PEM ${id}`,
      keyPair: { PrivateKey: `KEY ${id}` },
    }
  }
  const { clients, calls } = fakeAws({ createKeysAndCertificate, ...answers })
  const noted: string[] = []
  const note = (kind: string, name: string) => void noted.push(`${calls.length} ${kind} ${name}`)
  const subject = new Provisioning({ iot: clients.iot, region: 'eu-west-1', runId: RUN, certificates, note })
  const count = (operation: string) => calls.filter((call) => call.operation === operation).length
  return { subject, calls, noted, count }
}

const signal = new AbortController().signal

describe('things for an account', () => {
  test('carry the run, share a certificate, and are in their group', async () => {
    const { subject, calls, count } = provisioning('shared')
    await subject.register(GROUP, THINGS, signal)
    expect(count('createKeysAndCertificate')).toBe(1)
    expect(calls.filter(({ operation }) => operation === 'createThing').map(({ input }) => input)).toEqual(
      THINGS.map((thingName) => ({ thingName, attributePayload: { attributes: { 'fleetsim:run': RUN } } })),
    )
    expect(calls.find(({ operation }) => operation === 'createPolicy')!.input).toMatchObject({
      policyName: `fleetsim-${RUN}-devices`,
      tags: [{ Key: 'fleetsim:run', Value: RUN }],
    })
    for (const [operation, key] of [
      ['attachThingPrincipal', 'principal'],
      ['addThingToThingGroup', 'thingGroupName'],
    ] as const) {
      const inputs = calls.filter((call) => call.operation === operation).map(({ input }) => input)
      expect(inputs.map(({ thingName }) => thingName)).toEqual(THINGS)
      expect(new Set(inputs.map((input) => input[key]))).toEqual(new Set([key === 'principal' ? 'arn:aws:iot:eu-west-1:1:cert/c1' : GROUP]))
    }
    expect(await subject.sharedCertificate()).toMatchObject({ cert: 'PEM c1', key: 'KEY c1' })
    expect(subject.made).toEqual({ thing: THINGS, certificate: ['c1'], policy: [`fleetsim-${RUN}-devices`] })
  })

  test('or have one each', async () => {
    const { subject, count } = provisioning('per-device')
    await subject.register(GROUP, THINGS, signal)
    expect(count('createKeysAndCertificate')).toBe(3)
    expect(new Set([...subject.ownCertificates.values()].map(({ cert }) => cert)).size).toBe(3)
    expect([...subject.ownCertificates.keys()].toSorted()).toEqual(THINGS)
    expect(await subject.sharedCertificate()).toBeUndefined()
  })

  test('are noted before they are made', async () => {
    const { subject, calls, noted } = provisioning('none')
    await subject.register(GROUP, [THINGS[0]!], signal)
    expect(noted).toEqual([`0 thing ${THINGS[0]}`])
    expect(calls.map(({ operation }) => operation)).toEqual(['createThing', 'addThingToThingGroup'])
  })

  test('a refusal ends it, and what may have been made is known', async () => {
    const { subject } = provisioning('shared', {
      attachThingPrincipal: () => {
        throw refusal('LimitExceededException')
      },
    })
    await expect(subject.register(GROUP, THINGS, signal)).rejects.toMatchObject({
      exitCode: 97,
      message: expect.stringContaining('AttachThingPrincipal'),
    })
    expect(subject.made).toMatchObject({ certificate: ['c1'], policy: [`fleetsim-${RUN}-devices`] })
    expect(subject.made.thing).toContain(THINGS[0])
  })

  test('an interrupt ends it', async () => {
    const { subject } = provisioning('none')
    await expect(subject.register(GROUP, THINGS, AbortSignal.abort(new Error('stopped')))).rejects.toThrow('stopped')
    expect(subject.made.thing).toEqual([])
  })
})

test('side by side means sixteen at a time', async () => {
  let open = 0
  let most = 0
  await sideBySide(Array.from({ length: 40 }).keys(), async () => {
    most = Math.max(most, ++open)
    await new Promise((resolve) => setImmediate(resolve))
    open--
  })
  expect(most).toBe(16)
})

test.each([
  ['eu-west-1', 'arn:aws:iot:eu-west-1:*:client/${iot:Connection.Thing.ThingName}'],
  ['cn-north-1', 'arn:aws-cn:iot:cn-north-1:*:client/${iot:Connection.Thing.ThingName}'],
])('a device of %s may connect as itself and use its own topics', (region, client) => {
  const policy = devicePolicy(region)
  const [connect, publish, subscribe] = (JSON.parse(policy) as { Statement: { Action: unknown; Resource: unknown }[] }).Statement
  expect(connect).toMatchObject({ Action: 'iot:Connect', Resource: client })
  expect(publish!.Action).toEqual(['iot:Publish', 'iot:Receive'])
  for (const resource of [...(publish!.Resource as string[]), ...(subscribe!.Resource as string[])]) {
    expect(resource).toContain('/${iot:Connection.Thing.ThingName}/*')
  }
  // AWS: at most 2048 characters.
  expect(policy.length).toBeLessThan(1024)
})

import { expect } from 'vitest'
import { conformance } from './target.ts'

const REQUESTS = 1000
const PER_SECOND = 200

conformance('Request rates', { limits: 'aws-default' }, ({ behaviour }) => {
  behaviour(
    'start-next and update share 200 a second; what is more is told RequestThrottled',
    { row: 80, source: '§8.3 [Q19]', embeddedOnly: true },
    async (target) => {
      const thing = await target.thing()
      // A connection has a rate of its own, of 100 messages a second in both directions.
      const devices = await Promise.all(Array.from({ length: REQUESTS / 40 }, () => target.device()))
      const topic = `$aws/things/${thing.name}/jobs/start-next`
      const answers = await Promise.all(devices.flatMap((device) => Array.from({ length: 40 }, () => device.request(topic))))
      const rejected = answers.filter((answer) => answer.topic.endsWith('/rejected'))
      expect(rejected.length).toBeGreaterThan(REQUESTS / 4)
      expect(answers.length - rejected.length).toBeGreaterThanOrEqual(PER_SECOND)
      for (const { payload } of rejected) expect(payload).toMatchObject({ code: 'RequestThrottled', timestamp: expect.any(Number) })
      await target.pass(1)
      expect((await devices[0]!.request(topic)).topic).toBe(`${topic}/accepted`)
      // Reads have a rate of their own.
      expect((await devices[0]!.request(`$aws/things/${thing.name}/jobs/get`)).topic).toMatch(/accepted$/)
    },
  )
})

import { describe, expect, test } from 'vitest'
import {
  connect,
  fetch,
  type Firmware,
  type Hardware,
  type LinkLost,
  publish,
  receive,
  type RequestFailed,
  sleep,
  subscribe,
} from '../../src/devices/firmware.ts'
import type { LinkConfig } from '../../src/network/config.ts'
import { Bench, INSTANT, START_MS } from './bench.ts'

const OPTIONS = { clean: true, keepAliveSeconds: 60 }

/** A board behind a link of its own; its program's lines with the millisecond in front. */
class Radio extends Bench {
  readonly lines: string[] = []

  with(link: Partial<LinkConfig>, program: (note: (what: string) => void) => Firmware, delaySec = 0): this {
    const run = (hardware: Hardware) => program((what) => this.lines.push(`${Math.round(hardware.now() - START_MS)} ${what}`))
    this.add({ name: 'd', flash: { running: { version: '1.0.0', bytes: 1, crc32: 1 } }, program: run, link: { ...INSTANT, ...link } }, delaySec)
    return this
  }
}

const failure = (error: unknown): string => `${(error as Error).name} ${(error as LinkLost | RequestFailed).reason}`

describe('what the link costs', () => {
  test('MQTT: a handshake of three round trips, then one for each exchange', async () => {
    const radio = new Radio().with({ latency: 100 }, function* (note) {
      yield* connect(OPTIONS, 30_000)
      note('connected')
      yield* subscribe({ filter: 'a', qos: 1 })
      note('subscribed')
      yield* publish('ask', '?', 1)
      note('published')
      note(`received ${String((yield* receive())!.payload)}`)
      yield* sleep(Infinity)
    })
    radio.cloud.listener = () => radio.cloud.send('ask/answer', '!')
    await radio.run(10)
    expect(radio.lines).toEqual(['800 connected', '1000 subscribed', '1000 published', '1200 received !'])
    expect(radio.sent()).toEqual(['0.7 CONNECT d clean 60s', '0.9 SUBSCRIBE a q1', '1.1 PUBLISH q1 ask ?'])
    expect(radio.told('connected')).toEqual([{ type: 'connected', ms: 800 }])
  })

  test('HTTP: the handshake once for each server in a row, then kept alive', async () => {
    const radio = new Radio().with({ latency: 100 }, function* (note) {
      for (const url of ['http://a/1', 'http://a/2', 'http://b/1', 'http://a/3']) {
        yield* fetch(url, {}, 30_000)
        note(url)
      }
      yield* sleep(Infinity)
    })
    await radio.run(10)
    expect(radio.lines).toEqual(['800 http://a/1', '1000 http://a/2', '1800 http://b/1', '2600 http://a/3'])
  })

  test('a failed request closes its connection: the next one shakes hands again', async () => {
    const radio = new Radio()
    radio.cloud.gets.push('serve', 'reset')
    radio.with({ latency: 100 }, function* (note) {
      for (let i = 0; i < 3; i++) {
        try {
          yield* fetch('http://a/1', {}, 30_000)
          note('answered')
        } catch (error) {
          note(failure(error))
        }
      }
      yield* sleep(Infinity)
    })
    await radio.run(10)
    expect(radio.lines).toEqual(['800 answered', '900 RequestFailed reset', '1700 answered'])
  })

  test('bytes take their time: a file at 80 kbit/s', async () => {
    const radio = new Radio()
    radio.cloud.files.set('http://a/1', new Uint8Array(100_000))
    radio.with({ bandwidth: { up: 1e9, down: 80_000 } }, function* (note) {
      yield* fetch('http://a/1', {}, 60_000)
      note('here')
      yield* sleep(Infinity)
    })
    await radio.run(60)
    // 100,000 bytes and 350 of framing, at 10 bytes a millisecond.
    expect(radio.lines).toEqual(['10035 here'])
  })

  test('messages from the cloud come in the order in which it sent them, whatever their size', async () => {
    const radio = new Radio().with({ latency: 10, jitter: 200, bandwidth: { up: 8000, down: 8000 } }, function* (note) {
      yield* connect(OPTIONS, 30_000)
      for (;;) note(String((yield* receive())!.topic))
    })
    radio.at(10, () => {
      for (let i = 0; i < 20; i++) radio.cloud.send(`t${i}`, 'x'.repeat((i * 37) % 400))
    })
    await radio.run(60)
    expect(radio.lines.map((line) => line.split(' ')[1])).toEqual(Array.from({ length: 20 }, (_, i) => `t${i}`))
  })
})

describe('timeouts', () => {
  test('an answer that would come too late is a timeout, at the deadline', async () => {
    const radio = new Radio()
    radio.cloud.files.set('http://a/1', new Uint8Array(10_000))
    radio.with({ bandwidth: { up: 1e9, down: 8000 } }, function* (note) {
      try {
        yield* fetch('http://a/1', {}, 5000)
      } catch (error) {
        note(failure(error))
      }
      yield* sleep(Infinity)
    })
    await radio.run(60)
    expect(radio.lines).toEqual(['5000 RequestFailed timeout'])
  })

  test('a connect that is answered after its timeout stays failed', async () => {
    const radio = new Radio().with({ latency: 1000 }, function* (note) {
      for (let i = 0; i < 2; i++) {
        try {
          yield* connect(OPTIONS, i === 0 ? 7500 : 30_000)
          note('connected')
        } catch (error) {
          note(failure(error))
        }
      }
      yield* sleep(Infinity)
    })
    await radio.run(60)
    expect(radio.lines).toEqual(['7500 LinkLost timeout', '15500 connected'])
  })
})

describe('offline windows', () => {
  const offline = [{ at: 10_000, for: 20_000 }]

  test('an open connection breaks as one begins', async () => {
    const radio = new Radio().with({ offline }, function* (note) {
      yield* connect(OPTIONS, 30_000)
      try {
        yield* receive()
      } catch (error) {
        note(failure(error))
      }
      yield* sleep(Infinity)
    })
    await radio.run(60)
    expect(radio.lines).toEqual(['10000 LinkLost offline'])
    expect(radio.sent()).toEqual(['0 CONNECT d clean 60s', '10 GONE'])
  })

  test('a connect within one waits for its end, or for its own timeout', async () => {
    const radio = new Radio().with(
      { offline },
      function* (note) {
        for (const timeoutMs of [5000, 60_000]) {
          try {
            yield* connect(OPTIONS, timeoutMs)
            note('connected')
          } catch (error) {
            note(failure(error))
          }
        }
        yield* sleep(Infinity)
      },
      12,
    )
    await radio.run(60)
    expect(radio.lines).toEqual(['17000 LinkLost timeout', '30000 connected'])
  })

  test('a request within one: offline at its deadline, or answered after its end', async () => {
    const radio = new Radio().with(
      { offline },
      function* (note) {
        for (const timeoutMs of [5000, 60_000]) {
          try {
            yield* fetch('http://a/1', {}, timeoutMs)
            note('answered')
          } catch (error) {
            note(failure(error))
          }
        }
        yield* sleep(Infinity)
      },
      12,
    )
    await radio.run(60)
    expect(radio.lines).toEqual(['17000 RequestFailed offline', '30000 answered'])
  })

  test('an answer that is under way as one begins is lost: the connection was reset', async () => {
    const radio = new Radio()
    radio.cloud.files.set('http://a/1', new Uint8Array(10_000))
    radio.with(
      { offline, bandwidth: { up: 1e9, down: 8000 } },
      function* (note) {
        try {
          yield* fetch('http://a/1', {}, 60_000)
        } catch (error) {
          note(failure(error))
        }
        yield* sleep(Infinity)
      },
      5,
    )
    await radio.run(60)
    expect(radio.lines).toEqual(['10000 RequestFailed reset'])
  })

  test('both at once: MQTT and the request under way', async () => {
    const radio = new Radio()
    radio.cloud.gets.push('silence')
    radio.with({ offline }, function* (note) {
      yield* connect(OPTIONS, 1000)
      try {
        yield* fetch('http://a/1', {}, 60_000)
      } catch (error) {
        note(failure(error))
      }
      try {
        yield* receive()
      } catch (error) {
        note(failure(error))
      }
      yield* sleep(Infinity)
    })
    await radio.run(60)
    expect(radio.lines).toEqual(['10000 RequestFailed reset', '10000 LinkLost offline'])
  })

  test('a link that is never online: every attempt times out', async () => {
    const radio = new Radio().with({ offline: [{ every: 1000, for: 1000 }] }, function* (note) {
      for (let i = 0; i < 2; i++) {
        try {
          yield* connect(OPTIONS, 5000)
        } catch (error) {
          note(failure(error))
        }
      }
      yield* sleep(Infinity)
    })
    await radio.run(60)
    expect(radio.lines).toEqual(['5000 LinkLost timeout', '10000 LinkLost timeout'])
    expect(radio.sent()).toEqual([])
  })
})

describe('a link that loses everything', () => {
  const lost: LinkConfig = { ...INSTANT, loss: 1 }

  test('a connect is reset, a request too', async () => {
    const radio = new Radio().with(lost, function* (note) {
      try {
        yield* connect(OPTIONS, 1000)
      } catch (error) {
        note(failure(error))
      }
      try {
        yield* fetch('http://a/1', {}, 1000)
      } catch (error) {
        note(failure(error))
      }
      yield* sleep(Infinity)
    })
    await radio.run(5)
    expect(radio.lines.map((line) => line.replace(/^\d+ /, ''))).toEqual(['LinkLost reset', 'RequestFailed reset'])
    expect(radio.sent()).toEqual([])
  })
})

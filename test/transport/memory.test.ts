import { describe, expect, test } from 'vitest'
import type { HttpResponse } from '../../src/ports/http.ts'
import { isLanUrl, MemoryLan } from '../../src/transport/lan.ts'
import { MemoryHttpTransport } from '../../src/transport/memory-http.ts'

const ask = (lan: MemoryLan, url: string) => lan.answer({ url, headers: {} })

describe('the LAN behind a gateway, in memory', () => {
  const file = Uint8Array.of(1, 2, 3)

  test('a file as it lies there, with its length', () => {
    const lan = new MemoryLan()
    lan.serve('gw', new Map([['app-v1.0.1.bin', file]]))
    expect(ask(lan, 'http://gw.lan/app-v1.0.1.bin')).toEqual({
      status: 200,
      headers: { 'content-length': '3', 'content-type': 'application/octet-stream' },
      body: file,
    })
    // The very same view, so that its checksum need not be summed up for each gator.
    expect(ask(lan, 'http://gw.lan/app-v1.0.1.bin')!.body).toBe(file)
  })

  test('files that come later are there: it is the folder that is served', () => {
    const lan = new MemoryLan()
    const files = new Map<string, Uint8Array>()
    lan.serve('gw', files)
    expect(ask(lan, 'http://gw.lan/a')).toMatchObject({ status: 404 })
    files.set('a', file)
    expect(ask(lan, 'http://gw.lan/a')).toMatchObject({ status: 200 })
  })

  test.each(['http://gw.lan/', 'http://gw.lan/other', 'http://gw.lan/a?x=1', 'http://gw.lan/a/b'])('%s: 404', (url) => {
    const lan = new MemoryLan()
    lan.serve('gw', new Map([['a', file]]))
    expect(ask(lan, url)).toEqual({ status: 404, headers: { 'content-length': '0' }, body: new Uint8Array(0) })
  })

  test('a host without power, or that never was: no answer', () => {
    const lan = new MemoryLan()
    lan.serve('gw', new Map([['a', file]]))
    lan.silence('gw')
    expect([ask(lan, 'http://gw.lan/a'), ask(lan, 'http://other.lan/a')]).toEqual([undefined, undefined])
  })

  test('messages reach their host only, while it is there', () => {
    const lan = new MemoryLan()
    const heard: string[] = []
    for (const host of ['one', 'two']) lan.join(host, ({ topic }) => heard.push(`${host} ${topic}`))
    lan.tell('one', { topic: 'a', payload: '' })
    lan.silence('one')
    for (const host of ['one', 'two', 'three']) lan.tell(host, { topic: 'b', payload: '' })
    expect(heard).toEqual(['one a', 'two b'])
  })

  test('two gateways have files of their own', () => {
    const lan = new MemoryLan()
    lan.serve('one', new Map([['a', file]]))
    lan.serve('two', new Map())
    expect([ask(lan, 'http://one.lan/a')!.status, ask(lan, 'http://two.lan/a')!.status]).toEqual([200, 404])
  })

  test.each([
    ['http://gators-gateways-000001.lan/current_version.txt', true],
    ['http://gw.lan/', true],
    ['https://gw.lan/a', false],
    ['http://lan/a', false],
    ['http://127.0.0.1:4610/bucket/x.lan/a', false],
    ['https://s3.us-east-1.amazonaws.com/bucket/key', false],
  ])('%s is an address of it: %s', (url, expected) => {
    expect(isLanUrl(url)).toBe(expected)
  })
})

describe('HTTP without sockets', () => {
  function answered(server: () => HttpResponse | undefined): unknown[] {
    const told: unknown[] = []
    const handler = { onResponse: (response: HttpResponse) => told.push(response), onFailed: (reason: string) => told.push(reason) }
    new MemoryHttpTransport(server).request({ url: 'http://a/b', headers: { range: 'bytes=0-1' } }, handler).abort()
    return told
  }

  test('the answer is there before get returns', () => {
    const response = { status: 200, headers: {}, body: new Uint8Array(0) }
    expect(answered(() => response)).toEqual([response])
  })

  test('nobody listens: refused', () => {
    expect(answered(() => undefined)).toEqual(['refused'])
  })

  test('the server sees the request as it is', () => {
    const seen: unknown[] = []
    const transport = new MemoryHttpTransport((request) => void seen.push(request))
    transport.request({ url: 'http://a/b', headers: { range: 'bytes=0-1' } }, { onResponse() {}, onFailed() {} })
    expect(seen).toEqual([{ url: 'http://a/b', headers: { range: 'bytes=0-1' } }])
  })
})

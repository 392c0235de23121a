import { expect, test } from 'vitest'
import { INSTANT } from '../bench.ts'
import { UpparatBench } from './fixture.ts'

test('two instances with one client id throw each other out (devices.md §5.2, 5): what is said in between is lost', async () => {
  const bench = new UpparatBench({
    faults: [{ do: 'twin-client', for: '8s' }],
    config: { hooks: { install: { takes: '3500ms' } } },
    link: { ...INSTANT, latency: 50 },
  })
  bench.queue()
  await bench.run(100)
  expect(bench.sent()).toMatchInlineSnapshot(`
    [
      "0.35 CONNECT u1 clean 60s",
      "0.45 SUBSCRIBE T/jobs/get/+ q1",
      "0.55 PUBLISH q1 T/jobs/get ",
      "0.65 SUBSCRIBE T/jobs/upparat_a/get/+ q1",
      "0.75 PUBLISH q1 T/jobs/upparat_a/get ",
      "0.85 SUBSCRIBE T/jobs/notify q1",
      "1.15 CONNECT u1 clean 60s",
      "1.6 GET http://cloud/bundle.bin bytes=0-",
      "2.5 CONNECT u1 clean 60s",
      "2.6 SUBSCRIBE T/jobs/get/+ q1",
      "2.7 SUBSCRIBE T/jobs/upparat_a/get/+ q1",
      "2.8 SUBSCRIBE T/jobs/notify q1",
      "3.85 CONNECT u1 clean 60s",
      "5.2 CONNECT u1 clean 60s",
      "5.3 SUBSCRIBE T/jobs/get/+ q1",
      "5.4 SUBSCRIBE T/jobs/upparat_a/get/+ q1",
      "5.5 SUBSCRIBE T/jobs/notify q1",
      "5.6 UNSUBSCRIBE T/jobs/notify",
      "5.6 SUBSCRIBE T/jobs/notify q1",
      "5.7 PUBLISH q0 T/jobs/upparat_a/update {"status": "IN_PROGRESS", "statusDetails": {"state": "reboot_start", "message": "none"}}",
      "6.55 CONNECT u1 clean 60s",
      "8.8 DISCONNECT",
      "37 CONNECT u1 clean 60s",
      "37.1 SUBSCRIBE T/jobs/get/+ q1",
      "37.2 PUBLISH q1 T/jobs/get ",
      "37.3 SUBSCRIBE T/jobs/upparat_a/get/+ q1",
      "37.4 PUBLISH q1 T/jobs/upparat_a/get ",
      "37.5 SUBSCRIBE T/jobs/notify q1",
      "37.6 UNSUBSCRIBE T/jobs/notify",
      "37.6 SUBSCRIBE T/jobs/notify q1",
      "42.8 PUBLISH q0 T/jobs/upparat_a/update {"status": "SUCCEEDED", "statusDetails": {"state": "complete_ready", "message": "none"}}",
      "42.8 UNSUBSCRIBE T/jobs/notify",
      "42.8 SUBSCRIBE T/jobs/get/+ q1",
      "42.9 PUBLISH q1 T/jobs/get ",
      "43 SUBSCRIBE T/jobs/notify q1",
    ]
  `)
  // Three times out, and once for the reboot.
  expect(bench.told('disconnected')).toEqual(Array(3).fill({ type: 'disconnected', reason: 'closed' }))
  expect(bench.told('reported')).toEqual([{ type: 'reported', update: 'upparat_a', status: 'SUCCEEDED', accepted: true }])
})

test('the end of a job is lost on the way, and the job is fetched again', async () => {
  const bench = new UpparatBench({
    faults: [{ do: 'twin-client', during: 'self-test', for: '9s' }],
    config: { hooks: { ready: { takes: '3500ms' } } },
    link: { ...INSTANT, latency: 50 },
  })
  bench.queue()
  await bench.run(120)
  expect(bench.sent().filter((line) => Number(line.split(' ')[0]) > 60)).toMatchInlineSnapshot(`
    [
      "63.15 CONNECT u1 clean 60s",
      "63.25 SUBSCRIBE T/jobs/get/+ q1",
      "63.35 PUBLISH q1 T/jobs/get ",
      "63.45 SUBSCRIBE T/jobs/upparat_a/get/+ q1",
      "63.55 PUBLISH q1 T/jobs/upparat_a/get ",
      "63.65 SUBSCRIBE T/jobs/notify q1",
      "63.75 UNSUBSCRIBE T/jobs/notify",
      "63.75 SUBSCRIBE T/jobs/notify q1",
      "64.15 CONNECT u1 clean 60s",
      "65.5 CONNECT u1 clean 60s",
      "65.6 SUBSCRIBE T/jobs/get/+ q1",
      "65.7 SUBSCRIBE T/jobs/upparat_a/get/+ q1",
      "65.8 SUBSCRIBE T/jobs/notify q1",
      "66.85 CONNECT u1 clean 60s",
      "68.2 CONNECT u1 clean 60s",
      "68.3 SUBSCRIBE T/jobs/get/+ q1",
      "68.4 SUBSCRIBE T/jobs/upparat_a/get/+ q1",
      "68.5 PUBLISH q1 T/jobs/get ",
      "68.6 SUBSCRIBE T/jobs/upparat_a/get/+ q1",
      "68.7 PUBLISH q1 T/jobs/upparat_a/get ",
      "68.8 SUBSCRIBE T/jobs/notify q1",
      "68.9 UNSUBSCRIBE T/jobs/notify",
      "68.9 SUBSCRIBE T/jobs/notify q1",
      "69.55 CONNECT u1 clean 60s",
      "70.9 CONNECT u1 clean 60s",
      "71 SUBSCRIBE T/jobs/get/+ q1",
      "71.1 SUBSCRIBE T/jobs/upparat_a/get/+ q1",
      "71.2 SUBSCRIBE T/jobs/notify q1",
      "72.25 CONNECT u1 clean 60s",
      "72.8 DISCONNECT",
      "73.6 CONNECT u1 clean 60s",
      "73.7 SUBSCRIBE T/jobs/get/+ q1",
      "73.8 SUBSCRIBE T/jobs/upparat_a/get/+ q1",
      "73.9 PUBLISH q1 T/jobs/get ",
      "74 SUBSCRIBE T/jobs/upparat_a/get/+ q1",
      "74.1 PUBLISH q1 T/jobs/upparat_a/get ",
      "74.2 SUBSCRIBE T/jobs/notify q1",
      "74.3 UNSUBSCRIBE T/jobs/notify",
      "74.3 SUBSCRIBE T/jobs/notify q1",
      "78 PUBLISH q0 T/jobs/upparat_a/update {"status": "SUCCEEDED", "statusDetails": {"state": "complete_ready", "message": "none"}}",
      "78 UNSUBSCRIBE T/jobs/notify",
      "78 SUBSCRIBE T/jobs/get/+ q1",
      "78.1 PUBLISH q1 T/jobs/get ",
      "78.2 SUBSCRIBE T/jobs/notify q1",
    ]
  `)
  expect(bench.told('reported', 'settled')).toMatchInlineSnapshot(`
    [
      {
        "accepted": true,
        "status": "SUCCEEDED",
        "type": "reported",
        "update": "upparat_a",
      },
      {
        "type": "settled",
      },
    ]
  `)
})

import { expect, test } from 'vitest'
import { judge, type Speed } from '../../src/report/health.ts'
import type { WorkerHealth } from '../../src/ports/health.ts'

const worker: WorkerHealth = { worker: 1, lagP99Ms: 6, lagMaxMs: 900, slipP99Ms: 4, slipMaxMs: 900, dropped: 0, utilization: 0.5, devices: 100 }

const rows: readonly { that: string; workers: readonly Partial<WorkerHealth>[]; speed: Speed; reasons: readonly string[] }[] = [
  { that: 'a worker that keeps up, with a hiccup', workers: [{}], speed: 60, reasons: [] },
  { that: 'no workers', workers: [], speed: 60, reasons: [] },
  { that: 'at the limit', workers: [{ slipP99Ms: 250, lagP99Ms: 250, utilization: 0.95 }], speed: 60, reasons: [] },
  {
    that: 'devices woken late, in wall-clock and in simulated time',
    workers: [{ slipP99Ms: 310 }],
    speed: 60,
    reasons: ['worker 1 woke devices 310ms (18.6s of simulated time) late (p99; limit 250ms)'],
  },
  { that: 'the same at real speed', workers: [{ slipP99Ms: 310 }], speed: 1, reasons: ['worker 1 woke devices 310ms late (p99; limit 250ms)'] },
  {
    that: 'everything at once, of every worker',
    workers: [
      { lagP99Ms: 1500, utilization: 0.99 },
      { worker: 2, dropped: 1200 },
    ],
    speed: 10,
    reasons: [
      'worker 1 held its event loop up for 1.5s (p99; limit 250ms)',
      'worker 1 was busy 99 % of the time (limit 95 %)',
      'worker 2 dropped 1,200 messages that no device had room for',
    ],
  },
  {
    that: 'in virtual time nothing is late, but a message can be lost',
    workers: [{ slipP99Ms: 9999, lagP99Ms: 9999, utilization: 1, dropped: 1 }],
    speed: 'max',
    reasons: ['worker 1 dropped 1 message that no device had room for'],
  },
]

test.each(rows)('$that', ({ workers, speed, reasons }) => {
  const verdict = judge(
    workers.map((some) => ({ ...worker, ...some })),
    speed,
  )
  expect(verdict).toEqual({ healthy: reasons.length === 0, reasons })
})

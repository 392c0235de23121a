import { z } from 'zod'
import { abortConfig, jobExecutionsRolloutConfig } from '../controller/config.ts'
import { EXECUTION_STATUSES } from '../ports/events.ts'
import { FINDINGS } from './findings.ts'
import { HARMS, STANDINGS } from './outcomes.ts'
import { TIMINGS } from './threshold.ts'

/** `summary.json`, version 1. Fields may be added within a version; none changes its meaning. Times are milliseconds of simulated time unless they say otherwise. */

const count = z.int().min(0)
const ms = z.number().min(0)

const executionCounts = z.record(z.enum(EXECUTION_STATUSES), count)
const outcomeCounts = z.record(z.enum(['targets', ...STANDINGS, ...HARMS, 'hurt']), count)
const timing = z.strictObject({ n: z.int().min(1), min: ms, mean: ms, p50: ms, p95: ms, p99: ms, max: ms })

const threshold = z.strictObject({
  text: z.string(),
  ok: z.boolean(),
  actual: z.number().nullable().describe('A share, a count or milliseconds; null when it was never reached or measured.'),
  actualText: z.string(),
  note: z.string().optional(),
})

const rollout = z.strictObject({
  kind: z.enum(['job', 'otaUpdate', 'firmwareImage', 'oltInstallation']),
  update: z.string().optional().describe('Job id or file name; missing when the rollout never started.'),
  image: z.string(),
  version: z.string(),
  groups: z.array(z.string()),
  targets: count,
  status: z.string().describe('AWS’s job status; PENDING when the rollout never started.'),
  reason: z.string().optional(),
  startedAt: ms.optional().describe('Since the run began.'),
  finishedAt: ms.optional().describe('Since the run began.'),
  notified: count,
  receipts: z
    .strictObject({ gateways: count, received: count })
    .optional()
    .describe('Of a firmwareImage: how many of its gateways confirmed that they have the image.'),
  counts: executionCounts,
  rates: z
    .array(z.strictObject({ at: ms, ratePerMinute: z.number() }))
    .describe('The rates that the counts of the job allowed, each with the time it was reached.'),
  notifiedPerMinute: z.array(count),
  jobExecutionsRolloutConfig: jobExecutionsRolloutConfig.optional(),
  abortConfig: abortConfig.optional(),
})

const workerHealth = z.strictObject({
  worker: count,
  lagP99Ms: ms,
  lagMaxMs: ms,
  slipP99Ms: ms,
  slipMaxMs: ms,
  dropped: count,
  utilization: z.number().min(0),
  devices: count,
})

export const summarySchema = z.strictObject({
  schemaVersion: z.literal(1),
  fleetsim: z.string().describe('The version of fleetsim.'),
  run: z.strictObject({
    id: z.string(),
    scenario: z.string(),
    description: z.string(),
    seed: count,
    world: z.enum(['virtual', 'sockets', 'aws']),
    speed: z.union([z.number(), z.literal('max')]),
    devices: count,
    command: z.string().describe('Repeats the run.'),
    directory: z.string(),
    startedAt: z.iso.datetime().describe('Wall clock.'),
    wallSeconds: z.number().min(0),
    simulatedSeconds: z.number().min(0),
    end: z.enum(['completed', 'time-limit', 'interrupted', 'error']),
  }),
  verdict: z.strictObject({
    ok: z.boolean(),
    exitCode: z.int(),
    trusted: z.boolean().describe('False when the load generator did not keep up.'),
    reasons: z.array(z.string()),
  }),
  thresholds: z.array(threshold),
  rollouts: z.array(rollout),
  outcomes: z.strictObject({ all: outcomeCounts, groups: z.record(z.string(), outcomeCounts) }),
  timings: z.partialRecord(z.enum(TIMINGS), z.strictObject({ all: timing, groups: z.record(z.string(), timing) })),
  traffic: z.strictObject({
    online: count,
    connects: count,
    connectFailures: count,
    disconnects: count,
    downloads: count,
    downloadedBytes: count,
    downloadRetries: count,
  }),
  faults: z.array(z.strictObject({ fault: z.string(), struck: count })),
  findings: z
    .array(z.strictObject({ finding: z.enum(FINDINGS), text: z.string(), count, examples: z.array(z.string()).max(5) }))
    .default([])
    .describe('What no operator would have been told.'),
  failures: z.array(
    z.strictObject({
      kind: z.enum(['connect', 'download', 'update', 'report', 'bricked']),
      reason: z.string(),
      count,
      examples: z.array(z.string()).max(5),
    }),
  ),
  health: z.strictObject({ healthy: z.boolean(), reasons: z.array(z.string()), workers: z.array(workerHealth) }),
  warnings: z.array(z.string()),
  journal: z.strictObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
})

export type Summary = z.output<typeof summarySchema>
export type RolloutSummary = Summary['rollouts'][number]
export type ThresholdSummary = Summary['thresholds'][number]

import { createInterface } from 'node:readline/promises'
import { UserError } from '../errors.ts'
import type { Account } from '../run/account.ts'
import { type Estimate, estimate } from '../run/estimate.ts'
import type { Scenario } from '../scenario/scenario.ts'
import { formatDuration, formatSize } from '../units.ts'

const USAGE_ERROR = 2

export interface MayStartOptions {
  readonly yes: boolean
  /** US dollars. */
  readonly maxCost: number | undefined
  readonly quiet: boolean
}

/** Tells what a run will do to an AWS account and what that costs, and asks. UserError 2 when it is not to start: nothing was made by then. */
export async function mayStart(account: Account, scenario: Scenario, { yes, maxCost, quiet }: MayStartOptions): Promise<void> {
  const estimated = estimate(scenario, account.certificates)
  if (!quiet || !yes) process.stdout.write(estimateText(account, estimated))
  const { usd } = estimated.cost
  if (maxCost !== undefined && usd > maxCost)
    throw new UserError(`the run would cost about ${dollars(usd)}, more than --max-cost ${maxCost}. Nothing was made.`, USAGE_ERROR)
  if (yes) return
  if (!process.stdin.isTTY || !process.stdout.isTTY)
    throw new UserError(
      'a run in an AWS account asks before it starts, and there is no terminal to ask at: --yes starts it. Nothing was made.',
      USAGE_ERROR,
    )
  if (!(await answeredYes('Start? [y/N] '))) throw new UserError('not started. Nothing was made.', USAGE_ERROR)
}

function estimateText({ address, runId, certificates, roleArn }: Account, { plan, cost, prices }: Estimate): string {
  const certificateText = { shared: 'one certificate for all', 'per-device': 'a certificate each', none: 'no certificates' }[certificates]
  const rows = [
    ['account', address],
    ['run', runId],
    ['devices', `${plan.devices}, ${certificateText}`],
    ['set-up', `about ${formatDuration(plan.setUpMs)}: ${callsText(plan.setUp)}`],
    ['rollout', `about ${formatDuration(plan.expectedMs)}: ${callsText(plan.running)}`],
    ['clean-up', `about ${formatDuration(plan.cleanUpMs)}: ${callsText(plan.cleanUp)}`],
    ['messages', `${plan.messages} in ${plan.connectionMinutes} minutes of connection`],
    ['storage', `${formatSize(plan.storedBytes)} in S3, ${formatSize(plan.downloads.bytes)} downloaded in ${plan.downloads.requests} requests`],
    ['cost', `about ${dollars(cost.usd)}: an estimate from the prices of ${prices.region} as of ${prices.asOf}, without any free tier`],
  ].map(([name, text]) => `  ${name!.padEnd(9)} ${text}`)
  const lines = cost.lines.map(({ what, quantity, usd }) => `            ${dollars(usd).padStart(11)}  ${what}: ${Number(quantity.toPrecision(3))}`)
  const notes =
    roleArn === undefined && plan.remoteActions > 0
      ? ['  cloud.aws.roleArn is not set: one download URL for each job, signed with the credentials of this run and good as long as they are']
      : []
  return `${[...rows, ...lines, ...notes].join('\n')}\n`
}

function callsText(calls: Readonly<Record<string, number>>): string {
  return Object.entries(calls)
    .map(([operation, count]) => `${operation} ${count}`)
    .join(', ')
}

function dollars(usd: number): string {
  return usd > 0 && usd < 0.01 ? 'under $0.01' : `$${usd.toFixed(2)}`
}

async function answeredYes(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  try {
    return /^y(es)?$/i.test((await terminal.question(question)).trim())
  } finally {
    terminal.close()
  }
}

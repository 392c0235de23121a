import type { AccountPlan } from './account-plan.ts'
import { PRICES, REGISTRY_OPERATIONS } from './prices.ts'

const GIGABYTE = 1e9
/** S3 meters storage by the hour: at least one. */
const HOURS_A_MONTH = 730
const HOUR_MS = 3_600_000

interface CostLine {
  readonly what: string
  /** In the units that AWS meters. */
  readonly quantity: number
  readonly usd: number
}

export interface Cost {
  readonly lines: readonly CostLine[]
  readonly usd: number
}

/** What a plan costs by the published prices. An estimate: no free tier, no retries, no second tries of devices. */
export function costOf(plan: AccountPlan): Cost {
  const { setUp, cleanUp, downloads, storedBytes } = plan
  const registry = REGISTRY_OPERATIONS.reduce((sum, operation) => sum + (setUp[operation] ?? 0) + (cleanUp[operation] ?? 0), 0)
  const hours = Math.max(1, Math.ceil((plan.setUpMs + plan.expectedMs + plan.cleanUpMs) / HOUR_MS))
  const gigabyteMonths = (storedBytes / GIGABYTE) * (hours / HOURS_A_MONTH)
  const line = (what: string, quantity: number, price: number): CostLine => ({ what, quantity, usd: quantity * price })
  const lines = [
    line('IoT connectivity, minutes', plan.connectionMinutes, PRICES.connectionMinute),
    line('IoT messages', plan.messages, PRICES.message),
    line('IoT registry operations', registry, PRICES.registryOrShadowOperation),
    line('IoT shadow operations', plan.shadowOperations, PRICES.registryOrShadowOperation),
    line('IoT jobs, remote actions', plan.remoteActions, PRICES.remoteAction),
    line('S3 PUT requests', (setUp['PutObject'] ?? 0) + (setUp['CreateBucket'] ?? 0) + (setUp['PutBucketTagging'] ?? 0), PRICES.s3Put),
    line('S3 GET requests', downloads.requests + (setUp['HeadObject'] ?? 0), PRICES.s3Get),
    line('S3 storage, GB-months', gigabyteMonths, PRICES.s3GigabyteMonth),
    line('transfer to the internet, GB', downloads.bytes / GIGABYTE, PRICES.transferGigabyte),
  ].filter(({ quantity }) => quantity > 0)
  return { lines, usd: lines.reduce((sum, { usd }) => sum + usd, 0) }
}

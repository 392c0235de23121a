import { type AccountPlan, accountPlan } from '../controller/account-plan.ts'
import { type Cost, costOf } from '../controller/cost.ts'
import { PRICES } from '../controller/prices.ts'
import type { CertificateUse } from '../controller/provision.ts'
import { forecast } from '../scenario/forecast.ts'
import { fileSizeOf } from '../scenario/load.ts'
import type { Scenario } from '../scenario/scenario.ts'
import { layOut } from './plan.ts'

/** What a run in an account will do and cost, before it does. */
export interface Estimate {
  readonly plan: AccountPlan
  readonly cost: Cost
  /** Of the prices: their month and region. */
  readonly prices: { readonly asOf: string; readonly region: string }
}

export function estimate(scenario: Scenario, certificates: CertificateUse): Estimate {
  const fileSize = fileSizeOf(scenario)
  const plan = accountPlan({
    scenario,
    fleet: layOut(scenario),
    certificates,
    sizeOf: (name) => {
      const image = scenario.images[name]!
      return 'size' in image ? image.size : (fileSize(image.file) ?? 0)
    },
    expectedMs: forecast(scenario, fileSize).expectedMs,
  })
  return { plan, cost: costOf(plan), prices: { asOf: PRICES.asOf, region: PRICES.region } }
}

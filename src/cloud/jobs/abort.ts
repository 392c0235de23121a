/** When a job stops itself (§4.4), from its criteria and outcomes alone. */

export interface AbortCriterion {
  readonly failureType: 'FAILED' | 'REJECTED' | 'TIMED_OUT' | 'ALL'
  readonly action: 'CANCEL'
  readonly thresholdPercentage: number
  readonly minNumberOfExecutedThings: number
}

/** Things by how their execution ended. REMOVED and CANCELED ones count neither as failed nor as executed. */
export interface Outcomes {
  SUCCEEDED: number
  FAILED: number
  REJECTED: number
  TIMED_OUT: number
}

/** The first criterion in the order of the list that the outcomes meet. */
export function metCriterion(criteria: readonly AbortCriterion[], outcomes: Outcomes): AbortCriterion | undefined {
  const executed = outcomes.SUCCEEDED + outcomes.FAILED + outcomes.REJECTED + outcomes.TIMED_OUT
  return criteria.find(
    ({ failureType, thresholdPercentage, minNumberOfExecutedThings }) =>
      executed >= minNumberOfExecutedThings && failures(outcomes, failureType) * 100 >= thresholdPercentage * executed && executed > 0,
  )
}

function failures(outcomes: Outcomes, failureType: AbortCriterion['failureType']): number {
  return failureType === 'ALL' ? outcomes.FAILED + outcomes.REJECTED + outcomes.TIMED_OUT : outcomes[failureType]
}

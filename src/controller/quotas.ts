/** Calls a second that an account may make, for the operations that fleetsim uses (aws-iot.md §8.3). Accounts can have them raised; none has less. */
const CALLS_PER_SECOND: Readonly<Record<string, number>> = {
  CreateThing: 15,
  AttachThingPrincipal: 10,
  AttachPolicy: 15,
  CreateThingGroup: 25,
  AddThingToThingGroup: 60,
  DescribeThing: 350,
}

/** Operations without a number of their own, the jobs control plane among them. */
const OTHERS_PER_SECOND = 10

/** Whoever else works in the account needs some of it, too. */
const SHARE = 0.8

/** What fleetsim takes of the quota of an operation of the IoT control plane. */
export function callsPerSecond(operation: string): number {
  return (CALLS_PER_SECOND[operation] ?? OTHERS_PER_SECOND) * SHARE
}

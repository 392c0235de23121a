/** Reserved topics of AWS IoT. `thing` is a thing name. */

export const jobsTopic = (thing: string, rest: string): string => `$aws/things/${thing}/jobs/${rest}`

export const shadowTopic = (thing: string, rest: string): string => `$aws/things/${thing}/shadow/${rest}`

export const streamsTopic = (thing: string, stream: string, rest: string): string => `$aws/things/${thing}/streams/${stream}/${rest}`

/** SCARECRO: the addresses are free in the real system; these are the ones that fleetsim uses. */
export const scarecroTopic = (gateway: string, message: string): string => `scarecro/${gateway}/${message}`

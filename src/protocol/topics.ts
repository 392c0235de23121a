/** Reserved topics of AWS IoT. `thing` is a thing name. */

export const jobsTopic = (thing: string, rest: string): string => `$aws/things/${thing}/jobs/${rest}`

/** Whether `topic` is `jobsTopic(thing, rest)`, without making that: a fleet compares millions of them. */
export function isJobsTopic(topic: string, thing: string, rest: string): boolean {
  const thingEnd = THINGS.length + thing.length
  return (
    topic.length === thingEnd + JOBS.length + rest.length &&
    topic.endsWith(rest) &&
    topic.startsWith(THINGS) &&
    topic.startsWith(thing, THINGS.length) &&
    topic.startsWith(JOBS, thingEnd)
  )
}

const THINGS = '$aws/things/'
const JOBS = '/jobs/'

/** Whether `topic` is the answer `accepted` or `rejected` to a request that was published to `request`. */
export function isAnswer(topic: string, request: string, answer: 'accepted' | 'rejected'): boolean {
  return topic.length === request.length + 1 + answer.length && topic.endsWith(answer) && topic.startsWith(request) && topic[request.length] === '/'
}

export const shadowTopic = (thing: string, rest: string): string => `$aws/things/${thing}/shadow/${rest}`

export const streamsTopic = (thing: string, stream: string, rest: string): string => `$aws/things/${thing}/streams/${stream}/${rest}`

/** SCARECRO: the addresses are free in the real system; these are the ones that fleetsim uses. */
export const scarecroTopic = (gateway: string, message: string): string => `scarecro/${gateway}/${message}`

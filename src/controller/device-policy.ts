/** What the connection is known as: the thing whose name is the client id, if the certificate is attached to it. */
const THING = '${iot:Connection.Thing.ThingName}'

/** Every topic of a device holds its name; jobs, shadows and files, and what SCARECRO's gateways say and hear. */
const TOPICS = [`$aws/things/${THING}/*`, `scarecro/${THING}/*`]

/** The policy of the devices of a run: each may connect as itself, and use its own topics only. */
export function devicePolicy(region: string): string {
  const arn = (resource: string) => `arn:${partitionOf(region)}:iot:${region}:*:${resource}`
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: 'iot:Connect',
        Resource: arn(`client/${THING}`),
        Condition: { Bool: { 'iot:Connection.Thing.IsAttached': ['true'] } },
      },
      { Effect: 'Allow', Action: ['iot:Publish', 'iot:Receive'], Resource: TOPICS.map((topic) => arn(`topic/${topic}`)) },
      { Effect: 'Allow', Action: 'iot:Subscribe', Resource: TOPICS.map((topic) => arn(`topicfilter/${topic}`)) },
    ],
  })
}

function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn'
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws'
}

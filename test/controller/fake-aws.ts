import type { AwsClients } from '../../src/controller/aws-clients.ts'

export interface RecordedCall {
  readonly operation: string
  readonly input: Record<string, unknown>
}

/** Answers of operations by method name (`createJob`); one that throws refuses. Operations without an answer give `{}`. */
export type Answers = Record<string, (input: Record<string, unknown>) => unknown>

/** SDK clients that record every call and answer from a table. */
export function fakeAws(answers: Answers = {}, region = 'eu-west-1'): { clients: AwsClients; calls: RecordedCall[] } {
  const calls: RecordedCall[] = []
  const client = new Proxy(
    {},
    {
      get: (_target, operation: string) => async (input: Record<string, unknown>) => {
        calls.push({ operation, input })
        return answers[operation]?.(input) ?? {}
      },
    },
  )
  return { clients: { region, iot: client, s3: client, data: client, destroy: () => {} } as AwsClients, calls }
}

export function refusal(name: string, message = 'as the test says'): Error {
  return Object.assign(new Error(message), { name })
}

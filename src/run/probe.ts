import { probeCloud } from '../controller/probe-cloud.ts'
import { UserError } from '../errors.ts'
import type { Scenario } from '../scenario/scenario.ts'
import { MqttJsTransport } from '../transport/mqttjs.ts'
import { type Account, sleep } from './account.ts'
import { addressFor } from './broker-address.ts'

/** AWS takes a second or two. */
const ROLLOUT_MS = 10_000

/** UserError 97 that tells one by one what a cloud lacks of what the run needs. Leaves nothing there. */
export async function probe(account: Account, scenario: Scenario): Promise<void> {
  const { clients, runId, prefix, certificates, mqtt, ca } = account
  const missing = await probeCloud({
    clients,
    runId,
    prefix,
    certificates,
    mqtt: (certificate) => {
      const doors = { ...mqtt, ...(certificate && { certificates: { shared: certificate } }), ...(ca !== undefined && { ca }) }
      return new MqttJsTransport((clientId) => addressFor(doors, clientId))
    },
    needs: {
      jobs: scenario.rollouts.some((rollout) => 'job' in rollout),
      messages: scenario.rollouts.some((rollout) => 'firmwareImage' in rollout),
    },
    rolloutMs: ROLLOUT_MS,
    sleep,
  })
  if (missing.length === 0) return
  clients.destroy()
  const list = missing.map((text) => `  ${text}`).join('\n')
  throw new UserError(`the cloud at ${account.address} lacks what this run needs:\n${list}`, 97)
}

import type { AedesPublishPacket, Client } from 'aedes'
import type { Clock } from '../../ports/clock.ts'
import { deliver } from './aedes-internals.ts'
import { REPLAY_BATCH, REPLAY_INTERVAL_MS } from './choices.ts'
import type { KeptMessage } from './client-record.ts'

/** Sends a client that has come back what was kept for it, beside what is live, and not faster than AWS does (reference §8.1). */
export function replay(clock: Clock, client: Client, messages: readonly KeptMessage[]): void {
  if (client.closed || messages.length === 0) return
  for (const message of messages.slice(0, REPLAY_BATCH)) deliver(client, message as unknown as AedesPublishPacket)
  const rest = messages.slice(REPLAY_BATCH)
  if (rest.length > 0) clock.wake(clock.now() + REPLAY_INTERVAL_MS, { wake: () => replay(clock, client, rest) }, 0)
}

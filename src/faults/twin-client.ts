import { z } from 'zod'
import type { FaultKind } from '../ports/faults.ts'
import { duration } from '../units.ts'

const config = z.strictObject({ for: duration().prefault('1m').describe('How long the second client is there.') })

/**
 * A second client with the device's client id, such as an instance that was started twice: the cloud lets the newer one in and throws the other
 * out, and as both connect again, they throw each other out about every second (Upparat, where every instance is `upparat` by default).
 */
export const twinClient: FaultKind<z.output<typeof config>> = {
  name: 'twin-client',
  phases: ['pickup', 'download', 'install', 'reboot', 'self-test'],
  // Those with an MQTT connection of their own.
  kinds: ['tracker', 'scarecro-gateway', 'freertos-ota', 'olt-gateway', 'upparat', 'plugin'],
  config,
  strike(target, { for: ms }) {
    target.twin(ms)
  },
}

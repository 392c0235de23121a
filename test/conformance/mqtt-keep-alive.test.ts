import { expect } from 'vitest'
import { conformance } from './target.ts'

conformance('MQTT keep-alive', ({ behaviour }) => {
  behaviour(
    '5 s become 30 s: connected after 20 s of silence, gone after 45 s',
    { row: 74, source: '§8.1 [Q19]', timeout: 60_000 },
    async (target) => {
      const clientId = target.name('silent')
      const observer = await target.device()
      await observer.subscribe(`$aws/events/presence/disconnected/${clientId}`)
      const device = await target.device({ clientId, keepalive: 5 })
      // MQTT.js sends no PINGREQ any more, nor does it miss the answers.
      ;(device.client as unknown as { keepaliveManager: { destroy(): void } }).keepaliveManager.destroy()
      const startedMs = performance.now()
      await observer.quiet(20_000)
      expect(device.client.connected).toBe(true)
      await device.closed
      expect(performance.now() - startedMs).toBeGreaterThan(40_000)
      expect(performance.now() - startedMs).toBeLessThan(55_000)
      expect((await observer.next()).payload).toMatchObject({ disconnectReason: 'MQTT_KEEP_ALIVE_TIMEOUT', clientInitiatedDisconnect: false })
    },
  )
})

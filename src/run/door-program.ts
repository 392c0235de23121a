import { ScaledClock } from '../clock/scaled.ts'
import { startMqttServer } from '../cloud/mqtt/aedes-door.ts'
import { AedesBroker } from '../cloud/mqtt/aedes-broker.ts'
import { RemoteEngine } from '../cloud/mqtt/remote/remote-engine.ts'
import type { DoorTask, FromDoorProcess, ToDoorProcess } from './door-protocol.ts'

/**
 * A process of its own for one MQTT door of a run's cloud: the connections and their sessions, and nothing that the cloud would have to keep. It ends with
 * the process that started it (`door-processes.ts`).
 */

const { door, host, speed, simulatedStartMs } = JSON.parse(process.argv[2]!) as DoorTask
const clock = ScaledClock.waiting(speed, simulatedStartMs)
const engine = new RemoteEngine(clock, door, (batch, taken) => tell(batch, taken))
const broker = new AedesBroker(engine)

process.on('message', (message: ToDoorProcess) => {
  if ('type' in message) clock.follow(message.timeline)
  else engine.receive(message)
})
process.once('disconnect', () => process.exit(0))
// Ctrl-C reaches every process of the terminal: how the run ends is for the other process to decide.
process.on('SIGINT', () => {})

await broker.open()
const { port } = await startMqttServer(broker, { host, port: 0 })
tell({ type: 'listening', port })

function tell(message: FromDoorProcess, taken: () => void = () => {}): void {
  if (process.connected) process.send!(message, taken)
}

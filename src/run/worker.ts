import { monitorEventLoopDelay, performance } from 'node:perf_hooks'
import { ScaledClock } from '../clock/scaled.ts'
import { Recorder } from '../metrics/recorder.ts'
import type { DeviceEvent } from '../ports/events.ts'
import { groupOf } from '../ports/fleet.ts'
import { SocketLan } from '../transport/lan.ts'
import { MqttJsTransport } from '../transport/mqttjs.ts'
import { UndiciTransport } from '../transport/undici-http.ts'
import { HealthMonitor } from './health-monitor.ts'
import { startShard } from './shard.ts'
import type { FromWorker, ToWorker, WorkerTask } from './worker-protocol.ts'

/** How often a worker sends what happened, and how it keeps up, in wall-clock milliseconds. */
const FLUSH_MS = 50
const HEALTH_MS = 1000

/** One worker thread: the devices of its shard over real sockets, until it is told to stop. */
export default async function runWorker(task: WorkerTask): Promise<void> {
  const { spec, port } = task
  const monitor = new HealthMonitor(task.worker, monitorEventLoopDelay({ resolution: 10 }), () => performance.eventLoopUtilization())
  const clock = new ScaledClock(task.timeline, (slipMs) => monitor.slip(slipMs))
  const recorder = new Recorder(task.metrics.buffer, task.metrics.context, (device) => indexOfGroup(task, device))
  // Which bytes are right.
  for (const image of spec.published) recorder.event({ type: 'image-uploaded', at: 0, image: image.version, ...image })
  const lan = new SocketLan()
  const http = new UndiciTransport((url) => lan.resolve(url))
  const mqtt = new MqttJsTransport(task.mqtt.host, task.mqtt.port, (direction, bytes) => recorder.mqtt(direction, bytes))

  let events: DeviceEvent[] = []
  const send = (message: FromWorker) => port.postMessage(message)
  const flush = () => {
    if (events.length === 0) return
    send({ type: 'events', events })
    events = []
  }
  const shard = startShard(spec, {
    network: { clock, speed: task.timeline.speed, mqtt, http },
    lan,
    emit: (event) => {
      recorder.event(event)
      events.push(event as DeviceEvent)
    },
    onDropped: () => monitor.dropped(),
  })
  const flushing = setInterval(flush, FLUSH_MS)
  const reporting = setInterval(() => send({ type: 'health', health: monitor.read(shard.devices) }), HEALTH_MS)

  await new Promise<void>((resolve) => port.on('message', (message: ToWorker) => message.type === 'stop' && resolve()))

  clock.stop()
  clearInterval(flushing)
  clearInterval(reporting)
  shard.stop()
  lan.close()
  await http.close()
  flush()
  send({ type: 'health', health: monitor.read(shard.devices) })
  monitor.stop()
  port.close()
}

function indexOfGroup({ spec }: WorkerTask, device: number): number {
  return spec.fleet.groups.indexOf(groupOf(spec.fleet, device))
}

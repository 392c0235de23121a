import { monitorEventLoopDelay, performance } from 'node:perf_hooks'
import { ScaledClock, type Timeline } from '../clock/scaled.ts'
import { Recorder } from '../metrics/recorder.ts'
import type { DeviceEvent } from '../ports/events.ts'
import type { HttpTransport } from '../ports/http.ts'
import type { MqttTransport } from '../ports/mqtt.ts'
import { SocketLan } from '../transport/lan.ts'
import { FleetHttpTransport } from '../transport/http/fleet-http.ts'
import { addressFor } from './broker-address.ts'
import { EventOutlet } from './event-outlet.ts'
import { HealthMonitor } from './health-monitor.ts'
import { openMqtt } from './mqtt-transport.ts'
import { openPlugins, type Plugins } from './plugins.ts'
import { startShard } from './shard.ts'
import { warmUp } from './warm-up.ts'
import type { FromWorker, ToWorker, WorkerPort, WorkerTask } from './worker-protocol.ts'

/** How often a worker sends what happened, and how it keeps up, in wall-clock milliseconds. */
const FLUSH_MS = 50
const HEALTH_MS = 1000
const LAG_RESOLUTION_MS = 10

/** One worker, which has its thread for itself: the devices of its shard over real sockets, from `start` to `stop`. */
export default async function runWorker(task: WorkerTask): Promise<void> {
  const { port } = task
  const send: Send = (message, transfer = []) => port.postMessage(message, transfer)
  const started = messageOf(port, 'start')
  const stopped = messageOf(port, 'stop')
  const outlet = new EventOutlet((batch) => send({ type: 'events', batch }, [batch.numbers.buffer]))
  port.on('message', (message: ToWorker) => message.type === 'taken' && outlet.taken())
  const traffic: Traffic = { count: () => {} }
  const lan = new SocketLan()
  const http = new FleetHttpTransport((url) => lan.resolve(url), task.cloud.ca)
  const addressOf = (clientId: string) => addressFor(task.cloud, clientId)
  const mqtt = await openMqtt(task.spec.scenario.transport, addressOf, (direction, bytes) => traffic.count(direction, bytes))
  await warmUp(mqtt, http, task.cloud.probe)
  const plugins = await openPlugins(task.spec.scenario)
  send({ type: 'ready' })
  const first = await Promise.race([started, stopped])
  if (first.type === 'start') {
    const end = startLoad(task, first.timeline, { lan, http, mqtt, plugins }, traffic, outlet, send)
    await stopped
    end()
  }
  lan.close()
  await Promise.all([http.close(), mqtt.close()])
  send({ type: 'stopped', dropped: outlet.dropped })
}

type Send = (message: FromWorker, transfer?: ArrayBuffer[]) => void

/** What counts the bytes of MQTT messages: nothing before the devices start. */
interface Traffic {
  count: (direction: 'in' | 'out', bytes: number) => void
}

/** Switches the devices on. Returns what ends them. */
function startLoad(
  { worker, spec, metrics }: WorkerTask,
  timeline: Timeline,
  { lan, http, mqtt, plugins }: { lan: SocketLan; http: HttpTransport; mqtt: MqttTransport; plugins: Plugins },
  traffic: Traffic,
  outlet: EventOutlet,
  send: Send,
): () => void {
  const monitor = new HealthMonitor(worker, monitorEventLoopDelay({ resolution: LAG_RESOLUTION_MS }), () => performance.eventLoopUtilization())
  const clock = new ScaledClock(timeline, (slipMs) => monitor.slip(slipMs))
  const recorder = new Recorder(metrics.buffer, metrics.context)
  // Which bytes are right.
  for (const image of spec.published) recorder.event({ type: 'image-uploaded', at: 0, image: image.version, ...image })
  traffic.count = (direction, bytes) => recorder.mqtt(direction, bytes)
  // In an account the run begins when all is loaded, and only the timeline knows when that was.
  const shard = startShard(
    { ...spec, startMs: timeline.simulatedStartMs },
    {
      network: { clock, speed: timeline.speed, mqtt, http: counted(http, recorder) },
      lan,
      emit: (event) => {
        recorder.event(event)
        outlet.add(event as DeviceEvent)
      },
      onDropped: () => monitor.dropped(),
      plugins,
    },
  )
  const report = () => send({ type: 'health', health: monitor.read(shard.devices) })
  const flushing = setInterval(() => outlet.flush(), FLUSH_MS)
  const reporting = setInterval(report, HEALTH_MS)
  return () => {
    report()
    clock.stop()
    clearInterval(flushing)
    clearInterval(reporting)
    shard.stop()
    outlet.end()
    monitor.stop()
  }
}

/** The same transport, with its answers counted. */
function counted(http: HttpTransport, recorder: Recorder): HttpTransport {
  return {
    request: (request, handler) =>
      http.request(request, {
        onResponse(response) {
          recorder.http(String(response.status), response.body.length)
          handler.onResponse(response)
        },
        onFailed(reason) {
          recorder.http(reason, 0)
          handler.onFailed(reason)
        },
      }),
  }
}

function messageOf<Type extends ToWorker['type']>(port: WorkerPort, type: Type): Promise<Extract<ToWorker, { type: Type }>> {
  return new Promise((resolve) => {
    port.on('message', (message: ToWorker) => {
      if (message.type === type) resolve(message as Extract<ToWorker, { type: Type }>)
    })
  })
}

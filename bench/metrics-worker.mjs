import { parentPort, workerData } from 'node:worker_threads'
import { Recorder } from '../dist/metrics/recorder.js'
import { EventEncoder } from '../dist/ports/event-codec.js'

// What a worker of a run does with its events, at a given rate: counts them, and sends them every 50 ms.

const TICK_MS = 50
const { mode, buffer, context, eventsPerSecond } = workerData
const recorder = new Recorder(buffer, context)
const encoder = new EventEncoder()
const devices = context.groups[0].count
let device = 0

if (mode === 'idle') setInterval(() => {}, TICK_MS)
else setInterval(tick, TICK_MS)

function tick() {
  for (let left = (eventsPerSecond * TICK_MS) / 1000; left > 0; left--) {
    device = (device + 1) % devices
    const event = { type: 'connected', at: device, device, ms: device }
    recorder.event(event)
    if (mode === 'send') encoder.add(event)
  }
  if (encoder.events === 0) return
  const batch = encoder.take()
  parentPort.postMessage(batch, [batch.numbers.buffer])
}

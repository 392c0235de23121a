import { connect, type Firmware, type Hardware, LinkLost, type Message, phase, publish, receive, sleep, subscribe } from '../firmware.ts'
import { isRecord, parseJson } from '../ota/messages.ts'
import type { GatewayConfig } from './config.ts'
import { HELLO, type Hello, read, RESULT, type Result } from './field-protocol.ts'
import type { OltGatewayFlash } from './flash.ts'
import { begin, conclude, giveUp, push } from './installation.ts'
import { instructionOf } from './instruction.ts'

const CONNECT_TIMEOUT_MS = 30_000
const RECONNECT_MS = 5_000
const DATA_INGEST = 'data-ingest'

/**
 * OLT gateway: takes instructions for its field devices, downloads the binary, pushes it to the device, and reports to the platform. What it has to
 * do is on its disk, so that neither a lost connection nor a power cut ends it.
 */
export const oltGateway = (config: GatewayConfig) =>
  function* (hardware: Hardware<OltGatewayFlash>): Firmware {
    const { flash, name } = hardware
    hardware.serveFiles(flash.files)
    // Nobody waits any more for what was pushed before the power went: it is pushed anew.
    for (const installation of flash.open) installation.pushes = 0
    yield* phase('connect')
    for (;;) {
      try {
        yield* connect({ clean: false, keepAliveSeconds: config.keepAlive / 1000 }, CONNECT_TIMEOUT_MS)
        yield* subscribe({ filter: `devices/${name}/actions`, qos: 1 }, { filter: `devices/${name}/configuration`, qos: 1 })
        for (;;) yield* serve(hardware, config)
      } catch (error) {
        if (!(error instanceof LinkLost)) throw error
        yield* sleep(RECONNECT_MS)
      }
    }
  }

/** Begins what there is room for, and then waits for a message or for the next deadline. */
function* serve(hardware: Hardware<OltGatewayFlash>, config: GatewayConfig): Firmware {
  const { open } = hardware.flash
  for (;;) {
    const next = open.find(({ pushes }) => pushes === 0)
    if (!next || open.filter(({ pushes }) => pushes > 0).length >= config.parallel) break
    yield* begin(hardware, config, next)
  }
  const deadline = open.reduce((earliest, { pushes, deadline: its }) => (pushes > 0 ? Math.min(earliest, its) : earliest), Infinity)
  const message = yield* receive(Math.max(0, deadline - hardware.now()))
  if (message) return yield* handle(hardware, config, message)
  for (const silent of open.filter(({ pushes, deadline: its }) => pushes > 0 && its <= hardware.now())) {
    yield* giveUp(hardware, config, silent, 'device does not answer')
  }
}

function* handle(hardware: Hardware<OltGatewayFlash>, config: GatewayConfig, { topic, payload }: Message): Firmware {
  if (topic === HELLO) return yield* welcome(hardware, config, read<Hello>(payload)!)
  if (topic === RESULT) {
    const { installationId, error } = read<Result>(payload)!
    const installation = hardware.flash.open.find(({ instruction }) => instruction.installationId === installationId)
    if (installation) yield* conclude(hardware, config, installation, error)
    return
  }
  if (topic.endsWith('/configuration')) return yield* configure(parseJson(payload))
  const instruction = instructionOf(payload)
  // QoS 1: it may come twice.
  if (!instruction || hardware.flash.open.some((one) => one.instruction.installationId === instruction.installationId)) return
  hardware.flash.open.push({ instruction, pushes: 0, deadline: Infinity })
}

/** A device that starts while its gateway waits for it has lost what was pushed. What it is goes on to the platform. */
function* welcome(hardware: Hardware<OltGatewayFlash>, config: GatewayConfig, { device, versions }: Hello): Firmware {
  for (const installation of hardware.flash.open.filter(({ instruction, pushes }) => instruction.deviceId === device && pushes > 0)) {
    if (installation.pushes < config.pushes) yield* push(hardware, config, installation)
    else yield* giveUp(hardware, config, installation, 'device restarted')
  }
  yield* publish(DATA_INGEST, JSON.stringify({ deviceId: device, type: 'attributes', value: versions }), 1)
}

/** The field device takes any configuration at once, and the platform is told so. */
function* configure(message: unknown): Firmware {
  if (!isRecord(message) || !isRecord(message['configuration'])) return
  const { deviceId, configuration } = message
  yield* publish(DATA_INGEST, JSON.stringify({ deviceId, type: 'configuration', value: configuration }), 1)
}

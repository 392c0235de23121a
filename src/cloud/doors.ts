import { UserError } from '../errors.ts'
import type { Cloud } from './cloud.ts'
import { closeHttpServer, httpServer, startHttpServer } from './http/server.ts'
import { AedesBroker } from './mqtt/aedes-broker.ts'
import { startMqttServer } from './mqtt/aedes-door.ts'
import { localEngine } from './mqtt/mqtt-engine.ts'
import { WebSocketDoor } from './mqtt/websocket-door.ts'
import type { StartOptions } from './start.ts'
import { TlsDoors } from './tls/tls-door.ts'

const PORT_IN_USE = 106

const FLAGS = {
  mqtt: '--mqtt-port',
  http: '--http-port',
  mqtts: '--mqtts-port',
  https: '--https-port',
  deviceHttps: '--device-https-port',
} as const

export type DoorName = keyof typeof FLAGS

export interface Doors {
  /** 0 for doors that are not there. */
  readonly ports: Readonly<Record<DoorName, number>>
  mqttConnections(): number
  close(): Promise<void>
}

/** Opens every door of a cloud, or none: throws UserError 106 for the first port that is in use. */
export async function openDoors(cloud: Cloud, options: StartOptions, advertisedHost: string): Promise<Doors> {
  const { host, httpPort, mqttPort, tls } = options
  const broker = new AedesBroker(localEngine(cloud))
  const webSockets = new WebSocketDoor(cloud, broker)
  const ports: Record<DoorName, number> = { mqtt: 0, http: 0, mqtts: 0, https: 0, deviceHttps: 0 }
  const closing: (() => Promise<void>)[] = [() => broker.close()]
  const close = async () => void (await Promise.all(closing.map((closeOne) => closeOne())))

  async function open(
    door: DoorName,
    port: number,
    opened: (at: { host: string; port: number }) => Promise<{ port: number; close(): Promise<void> }>,
  ) {
    try {
      const listener = await opened({ host, port })
      ports[door] = listener.port
      closing.push(() => listener.close())
    } catch (error) {
      await close()
      throw explained(error, port, FLAGS[door])
    }
  }

  await broker.open()
  await open('mqtt', mqttPort, (at) => startMqttServer(broker, at))
  await open('http', httpPort, (at) => startHttpServer(cloud, { ...at, onWebSocket: webSockets.upgrade }))
  if (tls) {
    const { mqttsPort = 0, httpsPort = 0, deviceHttpsPort = 0 } = tls
    const doors = new TlsDoors(cloud, tls.ca.issueServer([host, advertisedHost]), broker)
    const http = httpServer(cloud, { isTls: true, onWebSocket: webSockets.upgrade })
    const deviceHttp = httpServer(cloud, { isTls: true, callerOf: doors.callerOf })
    closing.push(
      () => closeHttpServer(http),
      () => closeHttpServer(deviceHttp),
    )
    await open('mqtts', mqttsPort, (at) => doors.openMqtt(at))
    await open('https', httpsPort, (at) => doors.openAll(at, http, deviceHttp))
    await open('deviceHttps', deviceHttpsPort, (at) => doors.openDeviceHttp(at, deviceHttp))
  }
  return { ports, mqttConnections: () => broker.connections, close }
}

function explained(error: unknown, port: number, flag: string): unknown {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'EADDRINUSE')
    return new UserError(`Port ${port} is in use. Choose another with ${flag}, or ${flag} 0 for any free one.`, PORT_IN_USE, { cause: error })
  if (code === 'EACCES')
    return new UserError(`Port ${port} may not be opened by this user. Choose one above 1023 with ${flag}.`, PORT_IN_USE, { cause: error })
  return error
}

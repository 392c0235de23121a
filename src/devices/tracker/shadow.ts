import { shadowTopic } from '../../protocol/topics.ts'
import { type Firmware, type Hardware, type Message, publish, receive, sleep } from '../firmware.ts'
import type { ReportingConfig, TrackerConfig } from './config.ts'
import type { TrackerFlash } from './flash.ts'

/** Of an nRF9160 in a Thingy:91. The device knows its number only: the rest of IMEI and ICCID is made up. */
const TYPE_ALLOCATION_CODE = '35265610'
const ISSUER = '8931080520'
const MODEM_FIRMWARE = 'mfw_nrf9160_1.3.5'
const BOARD = 'thingy91_nrf9160'
const BATTERY_MV = 4200
const RSRP_DBM = -95

/** When the next report is due; lost with the power. */
export interface Schedule {
  dueAt: number
}

/** The only proof of what runs: a rollback is seen nowhere else, for the job has SUCCEEDED by then. */
export function* showVersion(hardware: Hardware<TrackerFlash>, { reporting }: TrackerConfig): Firmware {
  const appV = hardware.flash.running.version
  const v = reporting ? { ...identity(hardware.name), appV } : { appV }
  yield* updateShadow(hardware, `{"dev":{"v":${JSON.stringify(v)},"ts":${Math.round(hardware.now())}}}`)
  hardware.emit({ type: 'running', version: appV })
}

/** The next message, with reports going out in the meantime. With PSM what comes while the radio sleeps is read when it wakes for a report. */
export function* listenAndReport(hardware: Hardware<TrackerFlash>, config: ReportingConfig, schedule: Schedule): Firmware<Message> {
  for (;;) {
    const leftMs = Math.max(0, schedule.dueAt - hardware.now())
    const listenMs = config.psm ? Math.min(leftMs, config.psm.activeTime) : leftMs
    const message = listenMs > 0 ? yield* receive(listenMs) : undefined
    if (message) return message
    if (leftMs > listenMs) yield* sleep(leftMs - listenMs)
    const ts = Math.round(hardware.now())
    yield* updateShadow(hardware, JSON.stringify({ bat: { v: BATTERY_MV, ts }, roam: { v: { nw: config.network, rsrp: RSRP_DBM }, ts } }))
    schedule.dueAt = hardware.now() + untilNextReportMs(hardware, config)
  }
}

/** In passive mode a device moves at any time between the two limits. */
export function untilNextReportMs(hardware: Hardware, config: ReportingConfig): number {
  if (config.mode === 'active') return config.activeWait
  return config.movementResolution + hardware.random() * Math.max(0, config.movementTimeout - config.movementResolution)
}

/** `reported` is JSON. */
function* updateShadow(hardware: Hardware, reported: string): Firmware {
  yield* publish(shadowTopic(hardware.name, 'update'), `{"state":{"reported":${reported}}}`, 1)
}

function identity(name: string): { imei: string; iccid: string; modV: string; brdV: string } {
  const number = /\d+$/.exec(name)?.[0] ?? ''
  return {
    imei: TYPE_ALLOCATION_CODE + number.slice(-7).padStart(7, '0'),
    iccid: ISSUER + number.slice(-9).padStart(9, '0'),
    modV: MODEM_FIRMWARE,
    brdV: BOARD,
  }
}

/**
 * What a user's own device or fault imports as `fleetsim/plugin`: docs/plugins.md says how to write one. Nothing else of fleetsim is for others to import.
 */
export { z } from 'zod'
export {
  connect,
  disconnect,
  type Effect,
  fetch,
  type Firmware,
  type Hardware,
  type ImageRecord,
  LinkLost,
  type Message,
  open,
  phase,
  publish,
  read,
  reboot,
  receive,
  RequestFailed,
  send,
  sleep,
  subscribe,
  takeIn,
  tell,
  unsubscribe,
} from './devices/firmware.ts'
export { crcText, ImageWriter } from './devices/ota/image-writer.ts'
export { isRecord, parseJson } from './devices/ota/messages.ts'
export { type DownloadOptions, type DownloadResult, rangedDownload } from './devices/ota/ranged-download.ts'
export { type BaseFlash, defineDevice, type DeviceDefinition, defineFault, type FaultDefinition } from './plugins/define.ts'
export type { ExecutionStatus, Phase } from './ports/events.ts'
export type { Check, FaultKind, FaultTarget } from './ports/faults.ts'
export type { HttpResponse } from './ports/http.ts'
export { jobsTopic, shadowTopic, streamsTopic } from './protocol/topics.ts'
export type { TrackerDocument } from './protocol/job-documents.ts'
export { duration, rate, share, size } from './units.ts'

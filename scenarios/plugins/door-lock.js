// A device of one's own: a door lock that takes AWS IoT jobs. It installs at night's rest only, reboots, and reports success once the new image runs.
// docs/plugins.md explains the parts. `// @ts-check` below gives editors the types of fleetsim/plugin.
// @ts-check
import {
  connect,
  crcText,
  defineDevice,
  duration,
  isRecord,
  jobsTopic,
  LinkLost,
  parseJson,
  phase,
  publish,
  rangedDownload,
  reboot,
  receive,
  shadowTopic,
  sleep,
  subscribe,
  z,
} from 'fleetsim/plugin'

export default defineDevice({
  name: 'door-lock',

  // What `config:` of the scenario may hold. Durations become milliseconds.
  config: z.strictObject({
    quiet: duration().prefault('2m').describe('How long nobody may have used the door before it installs.'),
    fragment: z.int().min(256).max(65_536).default(4096).describe('Bytes asked for by each request.'),
  }),

  // What survives a reboot, besides the images: the job that is to be reported.
  flash: () => ({ job: '' }),

  // Called once for the group; what it returns runs from each boot on. RAM is the variables in it.
  firmware: (config) =>
    function* (hardware) {
      const { flash } = hardware
      yield* bootLoader(hardware)
      yield* phase('connect')
      for (;;) {
        try {
          yield* connect({ clean: true, keepAliveSeconds: 300 }, 30_000)
          yield* subscribe({ filter: jobsTopic(hardware.name, '#'), qos: 1 })
          yield* publish(shadowTopic(hardware.name, 'update'), JSON.stringify({ state: { reported: { version: flash.running.version } } }), 1)
          hardware.emit({ type: 'running', version: flash.running.version })
          // After the reboot of an update: the job is still open.
          if (flash.job) yield* report(hardware, flash.job, 'SUCCEEDED')
          for (;;) yield* update(hardware, config, yield* nextJob(hardware))
        } catch (error) {
          // The link is gone: a little later again. Everything else is a bug, and stops this device with a message.
          if (!(error instanceof LinkLost)) throw error
          yield* sleep(5_000 + 10_000 * hardware.random())
        }
      }
    },
})

/** Runs a new image if its signature is good; else the old one goes on, and nobody is told. */
function* bootLoader(hardware) {
  const { flash } = hardware
  if (!flash.pending) return
  yield* phase('self-test')
  if (hardware.isGenuine(flash.pending) && !hardware.refusal('self-test')) flash.running = flash.pending
  else hardware.emit({ type: 'rolled-back', from: flash.pending.version, to: flash.running.version })
  flash.pending = undefined
}

/** Starts the next job, or waits until there is one. */
function* nextJob(hardware) {
  for (;;) {
    yield* publish(jobsTopic(hardware.name, 'start-next'), '{}', 1)
    for (;;) {
      const { topic, payload } = yield* receive()
      const execution = parseJson(payload)?.execution
      if (topic.endsWith('/start-next/accepted') && isRecord(execution)) return execution
      // Something has changed: asks again.
      if (topic.endsWith('/notify-next') && isRecord(execution)) break
    }
  }
}

/** One update, from its job to the reboot, or to the reason why not. */
function* update(hardware, config, { jobId, jobDocument }) {
  hardware.flash.busy = true
  hardware.emit({ type: 'picked-up', update: jobId })
  yield* phase('pickup')
  const busy = hardware.refusal('admission')
  if (busy) return yield* report(hardware, jobId, 'REJECTED', busy)

  yield* phase('download')
  const download = yield* rangedDownload(hardware, {
    url: jobDocument.location.url,
    fragmentBytes: config.fragment,
    timeoutMs: 30_000,
    retries: 3,
    refuse: () => undefined, // any size, any header
  })
  if ('failed' in download) return yield* report(hardware, jobId, 'FAILED', download.failed)
  const { bytes, crc32 } = download.image
  if (crcText(crc32) !== jobDocument.crc32) return yield* report(hardware, jobId, 'FAILED', 'crc32 mismatch')

  yield* phase('install')
  yield* sleep(config.quiet)
  const jammed = hardware.refusal('install')
  if (jammed) return yield* report(hardware, jobId, 'FAILED', jammed)
  hardware.flash.pending = { version: jobDocument.fwversion, bytes, crc32 }
  hardware.emit({ type: 'flashed', version: jobDocument.fwversion, bytes, crc32 })
  hardware.flash.job = jobId
  yield* phase('reboot')
  yield* reboot(8_000)
}

/** Tells the cloud how a job ended and waits for its word. */
function* report(hardware, jobId, status, reason) {
  const topic = jobsTopic(hardware.name, `${jobId}/update`)
  yield* publish(topic, JSON.stringify({ status, ...(reason && { statusDetails: { reason } }) }), 1)
  for (;;) {
    const message = yield* receive()
    if (!message.topic.startsWith(`${topic}/`)) continue
    hardware.emit({ type: 'reported', update: jobId, status, accepted: message.topic.endsWith('/accepted'), reason })
    break
  }
  hardware.flash.job = ''
  hardware.flash.busy = false
  hardware.emit({ type: 'settled' })
}

import { z } from 'zod'
import { rolloutConfig } from '../controller/config.ts'
import { version } from '../devices/config.ts'
import { dataGatorConfig } from '../devices/data-gator/config.ts'
import { pluginConfig } from '../devices/plugin/config.ts'
import { oltGatewayConfig } from '../devices/olt-gateway/config.ts'
import { freertosOtaConfig } from '../devices/freertos-ota/config.ts'
import { trackerConfig } from '../devices/tracker/config.ts'
import { upparatConfig } from '../devices/upparat/config.ts'
import { faultConfig } from '../faults/config.ts'
import { duration, size } from '../units.ts'
import { cloudConfig } from './cloud.ts'

const NAME = /^[a-z][a-z0-9-]{0,39}$/

const aName = { error: 'a name of lower-case letters, digits and dashes, at most 40' }

const name = () => z.string(aName).regex(NAME, aName)

export const groupConfig = z.discriminatedUnion('kind', [
  trackerConfig,
  dataGatorConfig,
  freertosOtaConfig,
  oltGatewayConfig,
  upparatConfig,
  pluginConfig,
])

const imageVersion = () => version().describe('The version that a device runs after the update.')

export const imageConfig = z.union([
  z.strictObject({ version: imageVersion(), size: size().describe('A seeded random image of this size.') }),
  z.strictObject({ version: imageVersion(), file: z.string().min(1).describe('A file, relative to the scenario.') }),
])

/** Simulated seconds per second where a scenario doesn't say it: an embedded cloud may hurry, any other keeps its own time. */
const EMBEDDED_SPEED = 60
const REAL_TIME = 1

const scenarioFields = z.strictObject({
  name: name().describe('Names the run, its results and its job.'),
  description: z.string().max(2028).default('').describe('What the scenario is about, in a sentence or two.'),
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(1)
    .describe('Every random choice of the run follows from it.'),
  time: z
    .strictObject({
      speed: z
        .union([z.number().positive().max(10_000), z.literal('max')])
        .optional()
        .describe(
          `Simulated seconds per second of wall clock; max = virtual time, no sockets. Left out: ${EMBEDDED_SPEED}; ${REAL_TIME} with a cloud that isn't embedded, which takes nothing else.`,
        ),
      limit: duration().prefault('24h').describe('Simulated time after which the run is stopped with exit code 102.'),
      drain: duration().prefault('10m').describe('How long to wait for devices that are still at work when the rollouts have ended.'),
    })
    .prefault({})
    .describe('How fast time passes, and how much of it.'),
  cloud: cloudConfig.prefault('embedded').describe('The cloud to roll out with: the embedded one, AWS, or another that is AWS-compatible.'),
  transport: z
    .enum(['packet', 'mqtt', 'aws-iot-device-sdk-v2'])
    .default('packet')
    .describe(
      "The MQTT client of the devices: fleetsim's own, made for many connections; mqtt = MQTT.js; or AWS's own SDK for devices with its jobs client, in a process beside each worker. Virtual time has no sockets and uses none.",
    ),
  fleet: z
    .record(name(), groupConfig)
    .refine((fleet) => Object.keys(fleet).length > 0, { error: 'at least one group of devices' })
    .describe('Groups of devices by name; each is of one kind.'),
  images: z
    .record(name(), imageConfig)
    .refine((images) => Object.keys(images).length > 0, { error: 'at least one image' })
    .describe('Firmware images by name.'),
  rollouts: z.array(rolloutConfig).min(1).describe('What is rolled out to whom, and by which policy.'),
  faults: z.array(faultConfig).default([]).describe('What goes wrong on the way.'),
  thresholds: z.array(z.string()).default([]).describe('Conditions that the run must meet, such as `succeeded >= 95%`.'),
})

/** A whole scenario file. Field by field this is what a user may write; what it becomes is in `Scenario`. */
export const scenarioSchema = scenarioFields.transform(({ time, ...rest }) => {
  const speed = time.speed ?? (rest.cloud.type === 'embedded' ? EMBEDDED_SPEED : REAL_TIME)
  return { ...rest, time: { ...time, speed } }
})

export type GroupConfig = z.output<typeof groupConfig>
export type ImageConfig = z.output<typeof imageConfig>
export type ScenarioFile = z.output<typeof scenarioSchema>

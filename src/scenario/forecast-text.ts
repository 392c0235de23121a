import { formatDuration, formatSize } from '../units.ts'
import type { FaultForecast, Forecast, GroupForecast, ImageForecast, RolloutForecast } from './forecast.ts'
import type { RateStep } from './forecast-rate.ts'

/** Steps of a rate that are told one by one. */
const MAX_STEPS = 8

const LABEL_WIDTH = 12

const FAILURES: Readonly<Record<string, string>> = {
  FAILED: 'failed',
  REJECTED: 'rejected',
  TIMED_OUT: 'timed out',
  ALL: 'failed, rejected or timed out',
}

const RETRIED = { FAILED: 'failed', TIMED_OUT: 'timed out', ALL: 'failed or timed out' } as const

const PHASES: Readonly<Record<string, string>> = {
  connect: 'as they connect',
  pickup: 'as they pick the update up',
  download: 'while they download',
  install: 'while they install',
  reboot: 'as they reboot',
  'self-test': 'in their self-test',
}

const WAITED_FOR: Readonly<Record<RolloutForecast['type'], string>> = {
  job: 'takes longer than',
  otaUpdate: 'takes longer than',
  firmwareImage: 'does not run it after',
  oltInstallation: 'has not installed it after',
}

/** The forecast for people: a heading, then a block of lines for each part. */
export function forecastText(forecast: Forecast): string {
  const { groups, images, rollouts, faults, thresholds, notes } = forecast
  return [
    forecast.description ? `${forecast.name}: ${forecast.description.trim()}` : forecast.name,
    ...block('fleet', groups.flatMap(groupLines)),
    ...block('images', images.map(imageLine)),
    ...rollouts.flatMap((rollout, i) => block(rollouts.length === 1 ? 'rollout' : `rollout ${i + 1}`, rolloutLines(rollout))),
    ...block('faults', faults.map(faultLine)),
    ...block('thresholds', thresholds),
    ...block('time', timeLines(forecast)),
    ...block('seed', [String(forecast.seed)]),
    ...block('note', notes),
  ].join('\n')
}

function block(label: string, lines: readonly string[]): string[] {
  return lines.map((line, i) => `  ${(i === 0 ? label : '').padEnd(LABEL_WIDTH)}${line}`)
}

function groupLines({ name, kind, count, firmware, link, gateways, gatewayLink }: GroupForecast): string[] {
  const devices = `${name}: ${number(count)} ${kind}${count === 1 ? '' : 's'} on ${link}, running ${firmware}`
  return gateways === undefined ? [devices] : [`${devices}, behind ${number(gateways)} ${plural(gateways, 'gateway')} on ${gatewayLink}`]
}

function imageLine({ name, version, file, sizeBytes }: ImageForecast): string {
  const size = sizeBytes === undefined ? 'size unknown' : formatSize(sizeBytes)
  return `${name}: version ${version}, ${size}, ${file ?? 'random bytes by seed'}`
}

function rolloutLines(rollout: RolloutForecast): string[] {
  const { type, image, version, targets, devices, atMs, cancel, abort, retries, timeoutMs } = rollout
  const start = atMs === 0 ? '' : `, ${formatDuration(atMs)} into the run`
  return [
    `${type}: ${image} ${version} to ${targets.join(' and ')}, ${number(devices)} ${plural(devices, 'device')}${start}`,
    rateLine(rollout),
    `the last ${type === 'firmwareImage' ? 'gateway' : 'device'} hears of it ${formatDuration(rollout.lastNotifiedMs)} after the start, at the earliest`,
    ...abort.map(
      ({ failureType, thresholdPercentage, minNumberOfExecutedThings }) =>
        `stops when ${thresholdPercentage}% of the finished devices ${FAILURES[failureType]}, once ${number(minNumberOfExecutedThings)} have finished`,
    ),
    ...(timeoutMs === undefined ? [] : [`a device that ${WAITED_FOR[type]} ${formatDuration(timeoutMs)} counts as timed out`]),
    ...retries.map(({ failureType, numberOfRetries }) => `tries devices that ${RETRIED[failureType]} again, at most ${times(numberOfRetries)}`),
    ...(cancel ? [`canceled by hand ${formatDuration(cancel.atMs)} after the start${cancel.force ? ', devices at work included' : ''}`] : []),
  ]
}

/** `50 a minute, 75 from 50 succeeded, 112 from 100`. */
function rateLine({ type, steps, stepsCount }: RolloutForecast): string {
  const told = steps.length <= MAX_STEPS ? steps : steps.slice(0, MAX_STEPS - 1)
  const words = told.map(({ ratePerMinute, from }: RateStep, k) => {
    if (k === 0) return `${number(ratePerMinute)} ${type === 'firmwareImage' ? 'gateways' : 'devices'} a minute`
    return `${number(ratePerMinute)} from ${number(from)}${k === 1 ? ` ${stepsCount}` : ''}`
  })
  const last = steps.at(-1)!
  return [...words, ...(told.length < steps.length ? [`and so on, ${number(last.ratePerMinute)} from ${number(last.from)}`] : [])].join(', ')
}

function faultLine({ do: kind, during, group, devices, of }: FaultForecast): string {
  return `${kind} strikes ${number(devices)} of ${number(of)} ${group} ${PHASES[during] ?? `during ${during}`}`
}

function timeLines({ speed, expectedMs, longestMs, expectedWallMs, longestWallMs }: Forecast): string[] {
  const wall = (ms: number | undefined) => (ms === undefined ? '' : `, ${formatDuration(ms)} of wall clock`)
  const pace = speed === 'max' ? 'as fast as it computes' : speed === 1 ? 'in real time' : `${speed} times as fast as real time`
  return [
    `about ${formatDuration(expectedMs)} when nothing goes wrong${wall(expectedWallMs)} (${pace})`,
    ...(longestMs > expectedMs ? [`up to ${formatDuration(longestMs)} when devices time out${wall(longestWallMs)}`] : []),
  ]
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`
}

function number(count: number): string {
  return count.toLocaleString('en-US')
}

function plural(count: number, noun: string): string {
  return count === 1 ? noun : `${noun}s`
}

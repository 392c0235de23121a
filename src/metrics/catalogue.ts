import * as label from './labels.ts'
import type { Label } from './labels.ts'

/** Every metric of fleetsim, once. `docs/metrics.md` is generated from here, and a test holds the dashboards to it. */
export interface Metric {
  readonly name: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly help: string
  readonly unit: 'seconds' | 'bytes' | 'ratio' | 'devices' | 'per minute' | 'none'
  readonly labels: readonly Label[]
  /** Upper bounds of a histogram's buckets, without +Inf. */
  readonly buckets?: readonly number[]
}

const CONNECT_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60]
const PICKUP_BUCKETS = [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200]
const DOWNLOAD_BUCKETS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300, 600, 1800]
const JOB_BUCKETS = [1, 2.5, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200]
const REQUEST_BUCKETS = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5]

/**
 * Metrics that live in shared memory: each worker counts its own, a scrape adds them up. Gauges of what is set in one place only (rollouts,
 * workers, thresholds) live in the same layout, in a buffer of the exporter's own. Durations are simulated seconds unless the help says wall clock.
 */
export const METRICS = {
  runStatus: gauge('fleetsim_run_status', 'Whether the run is in this status (1) or not (0).', 'none', [label.runStatus]),
  simulatedSeconds: counter(
    'fleetsim_simulated_seconds_total',
    'Simulated time since the run began; its rate is the speed of the run.',
    'seconds',
    [],
  ),

  devices: gauge(
    'fleetsim_devices',
    'Devices by what they are doing: starting (no program has run yet, or its worker was lost), connected or disconnected without an update, ' +
      'updating (from learning of an update until done with it), bricked.',
    'devices',
    [label.group, label.state],
  ),
  hurtDevices: gauge(
    'fleetsim_hurt_devices',
    'Devices that were hurt so far, each once: went back to the old image, will never run again, or reported success over wrong bytes.',
    'devices',
    [label.group],
  ),
  harms: gauge('fleetsim_harms', 'Devices that were hurt so far, by what hurt them. One device may count for several harms.', 'devices', [
    label.group,
    label.harm,
  ]),
  settledDevices: gauge('fleetsim_settled_devices', 'Devices that will do nothing more in their update: done, gave up, or dead.', 'devices', [
    label.group,
  ]),
  boots: counter('fleetsim_boots_total', 'Programs started, the first of each device included.', 'none', [label.group]),
  connects: counter('fleetsim_device_connects_total', 'Attempts to connect, by result.', 'none', [label.group, label.okOrFailed]),
  disconnects: counter('fleetsim_device_disconnects_total', 'Connections that ended, for whatever reason.', 'none', [label.group]),
  connectDuration: histogram(
    'fleetsim_connect_duration_seconds',
    'Time from the first attempt to the CONNACK, in simulated seconds.',
    [label.group],
    CONNECT_BUCKETS,
  ),
  deviceFailures: counter(
    'fleetsim_device_failures_total',
    'Failed connects, failed downloads, reports of failure and bricked devices, by kind of reason.',
    'none',
    [label.group, label.stage, label.reason],
  ),

  updates: counter('fleetsim_updates_total', 'Updates that devices learned of.', 'none', [label.group]),
  pickupDuration: histogram(
    'fleetsim_pickup_duration_seconds',
    'Time from the execution in the queue of the cloud until the device learned of it, in simulated seconds; of devices that are told when it was queued.',
    [label.group],
    PICKUP_BUCKETS,
  ),
  phases: counter('fleetsim_phase_total', 'Steps of updates that devices entered.', 'none', [label.group, label.phase]),
  downloads: counter('fleetsim_downloads_total', 'Finished downloads, by result.', 'none', [label.group, label.okOrFailed]),
  downloadRetries: counter('fleetsim_download_retries_total', 'Requests that were repeated within downloads that succeeded.', 'none', [label.group]),
  downloadBytes: counter('fleetsim_download_bytes_total', 'Bytes of images that reached devices, those of failed downloads included.', 'bytes', [
    label.group,
  ]),
  downloadDuration: histogram(
    'fleetsim_download_duration_seconds',
    'Time of a download that succeeded, in simulated seconds.',
    [label.group],
    DOWNLOAD_BUCKETS,
  ),
  flashed: counter(
    'fleetsim_flashed_total',
    'Images written and set to boot, by whether the bytes are those of the uploaded image (unknown: no image of that version was uploaded).',
    'none',
    [label.group, label.image],
  ),
  reports: counter('fleetsim_reports_total', 'Reports of devices on their updates, and whether the cloud took them.', 'none', [
    label.group,
    label.executionStatus,
    label.accepted,
  ]),
  jobDuration: histogram(
    'fleetsim_job_duration_seconds',
    'Time from learning of an update to the terminal report that the cloud took, in simulated seconds.',
    [label.group],
    JOB_BUCKETS,
  ),
  rolledBack: counter('fleetsim_rolled_back_total', 'Times that a boot loader went back to the old image.', 'none', [label.group]),
  bricked: counter('fleetsim_bricked_total', 'Devices that will never run again.', 'none', [label.group]),
  faults: counter('fleetsim_faults_total', 'Faults of the scenario that struck a device.', 'none', [label.fault]),

  mqttMessages: counter('fleetsim_mqtt_messages_total', 'MQTT messages of devices; in is towards the device.', 'none', [label.direction]),
  mqttBytes: counter('fleetsim_mqtt_bytes_total', 'Bytes of the payloads of these messages.', 'bytes', [label.direction]),
  httpRequests: counter('fleetsim_http_requests_total', 'HTTP requests of devices, by class of status or by what went wrong.', 'none', [
    label.httpResult,
  ]),
  httpBytes: counter('fleetsim_http_bytes_total', 'Bytes of the bodies that these requests brought.', 'bytes', []),

  rolloutTargets: gauge('fleetsim_rollout_targets', 'Devices that the rollout is for.', 'devices', [label.rollout]),
  rolloutStatus: gauge('fleetsim_rollout_status', 'Whether the rollout is in this status (1) or not (0).', 'none', [
    label.rollout,
    label.rolloutStatus,
  ]),
  jobExecutions: gauge('fleetsim_job_executions', 'Job executions by status, as DescribeJob counts them.', 'none', [
    label.rollout,
    label.executionStatus,
  ]),
  rolloutRate: gauge(
    'fleetsim_rollout_rate_per_minute',
    'Over the last simulated minute: executions that the rollout created (actual), and those that succeeded.',
    'per minute',
    [label.rollout, label.rateKind],
  ),
  thresholdOk: gauge('fleetsim_threshold_ok', 'Whether the run meets this threshold at the moment (1) or not (0).', 'none', [label.threshold]),

  eventLoopLag: gauge('fleetsim_event_loop_lag_seconds', "Delay of a worker's event loop, wall clock.", 'seconds', [label.worker, label.stat]),
  clockSlip: gauge('fleetsim_clock_slip_seconds', 'How late the clock woke devices, wall clock.', 'seconds', [label.worker, label.stat]),
  utilization: gauge('fleetsim_worker_utilization_ratio', "Busy share of a worker's event loop.", 'ratio', [label.worker]),
  workerDevices: gauge('fleetsim_worker_devices', 'Devices that a worker runs.', 'devices', [label.worker]),
  dropped: counter('fleetsim_messages_dropped_total', "Messages that a device's inbox had no room for.", 'none', [label.worker]),
  workersLost: counter('fleetsim_workers_lost_total', 'Workers that died.', 'none', []),
  warnings: counter('fleetsim_warnings_total', 'Warnings of the run.', 'none', []),

  cloudDuration: histogram(
    'fleetsim_cloud_request_duration_seconds',
    'Time that the embedded cloud took for an answer, in wall-clock seconds.',
    [label.service],
    REQUEST_BUCKETS,
  ),
} as const satisfies Record<string, Metric>

export type MetricKey = keyof typeof METRICS

/** The two metrics whose labels no context bounds; `exporter.ts` and `cloud-requests.ts` keep them. */
export const RUN_INFO = gauge('fleetsim_run_info', 'The run, always 1.', 'none', [
  { name: 'scenario', known: 'the name of the scenario', values: () => [] },
  { name: 'seed', known: 'its seed', values: () => [] },
  { name: 'version', known: 'the version of fleetsim', values: () => [] },
])

export const CLOUD_REQUESTS = counter('fleetsim_cloud_requests_total', 'Requests that the embedded cloud answered.', 'none', [
  label.service,
  { name: 'operation', known: "AWS's names of operations", values: () => [] },
  { name: 'code', known: "`ok` or AWS's name of the error", values: () => [] },
])

/** Every metric, in the order of the documentation. */
export const CATALOGUE: readonly Metric[] = [RUN_INFO, ...Object.values(METRICS), CLOUD_REQUESTS]

function counter(name: string, help: string, unit: Metric['unit'], labels: readonly Label[]): Metric {
  return { name, type: 'counter', help, unit, labels }
}

function gauge(name: string, help: string, unit: Metric['unit'], labels: readonly Label[]): Metric {
  return { name, type: 'gauge', help, unit, labels }
}

function histogram(
  name: string,
  help: string,
  labels: readonly Label[],
  buckets: readonly number[],
): Metric & { readonly buckets: readonly number[] } {
  return { name, type: 'histogram', help, unit: 'seconds', labels, buckets }
}

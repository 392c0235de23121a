import type { OutcomeMeasure, Timing } from '../report/threshold.ts'

/** The parts of the reference that no schema can tell. */

export const ABOUT = `# The scenario file

Generated from the schema that fleetsim checks scenarios with; \`fleetsim schema\` prints that schema for editors. Examples are in \`scenarios/\`.

\`fleetsim validate <files..>\` checks files and tells what they will do. Every problem comes at once, as
\`file:line:col path: expected …, found …\`, with exit code 104.

**Quantities** are a number and a unit, without a space: durations \`250ms\`, \`60s\`, \`10m\`, \`1.5h\`, \`2d\`; sizes \`512B\`, \`240KiB\`, \`1MiB\` (1024)
and \`240kB\`, \`1MB\` (1000); rates \`375kbit/s\`, \`10Mbit/s\`; percentages \`3%\`.

**Variables** of the environment stand in values as \`\${NAME}\`, or as \`\${NAME:-default}\` for one that may be unset or empty. \`$\${\` is a plain \`\${\`.
In quotes the value stays text; without quotes it is read as YAML, so that \`count: \${COUNT}\` is a number.

**Overrides** on the command line change single values: \`--set fleet.trackers.count=10 --set 'rollouts[0].job.targets=[trackers]'\`.
What is on the right of \`=\` is YAML.

**Names** of groups and images are lower-case letters, digits and dashes. The gateways of a group of Data Gators are a group of their own,
\`<group>-gateways\`.`

export const FAULT_MEANINGS: Readonly<Record<string, string>> = {
  'corrupt-image': 'One bit of the image flips on its way.',
  'truncated-image': 'The server has only the first part of the image, and its headers say that this is all.',
  'early-close': 'The server ends the connection in the middle of a response, in good order: its headers promise more than comes. Once.',
  'ignore-range': 'A proxy takes the Range header out of requests: who asks for the rest of a file gets all of it again.',
  'slow-link': 'The link is slower by a factor, for a while.',
  'lost-connection': 'Every connection drops, and none can be made for a while.',
  'http-error': 'The server answers with an error instead of the image.',
  'twin-client': 'For a while a second client with the same client id connects: the two throw each other out about every second.',
  hang: 'The program stops and never reports again. Its connections stay open.',
  'duplicate-notification': 'Notifications of jobs arrive several times, until the device restarts.',
  'stuck-download': 'The job is IN_PROGRESS and its download never begins; a power cycle helps. Trackers only.',
  'blocked-download': 'No download can be started until the device restarts: this job fails, and so do later ones. Trackers only.',
  'crash-loop': 'Every update that the device takes makes it crash and restart, until the job is gone. Trackers only.',
  reject: 'The device declines the update.',
  'fail-install': 'The image arrives whole and can not be installed; the device reports that.',
  'fail-self-test': 'The new image starts and fails its own test. A device with a boot loader goes back to the old image.',
  'reboot-loop': 'The new image never comes up.',
  'power-loss': 'Power goes and comes back. RAM is lost, flash stays.',
  vanish: 'The device is gone for good.',
  'late-start': 'The device is switched on later than the others.',
  plugin: 'What a module of your own does to the device (docs/plugins.md).',
}

export const THRESHOLD_FORMS = `Conditions that the run must meet; exit code 99 when it does not. Comparators are \`<\`, \`<=\`, \`>\`, \`>=\`, \`==\` and \`!=\`.

| form | meaning |
| --- | --- |
| \`succeeded >= 95%\`, \`failed <= 40\` | A share or a number of the devices that the rollouts target. |
| \`failed(trackers) == 0\` | The same for one group. |
| \`time_to(95%) < 30m\`, \`time_to(trackers, 95%) < 30m\` | From the start of the first rollout until that share of the targets had succeeded. |
| \`duration < 2h\` | From the start of the first rollout to the end of the last. |
| \`p95(download) < 5m\`, \`p95(connect, trackers) < 3s\` | The 50th, 95th or 99th percentile (\`p50\`, \`p95\`, \`p99\`) of a timing. |`

export const MEASURE_MEANINGS: Readonly<Record<OutcomeMeasure, string>> = {
  succeeded: 'Their last execution is SUCCEEDED. Gators: they run the new version.',
  failed: 'Their last execution is FAILED.',
  rejected: 'They declined: REJECTED.',
  timed_out: 'TIMED_OUT. Gators: they did not run the new version by the deadline.',
  canceled: 'Their execution was CANCELED before it ended.',
  not_notified: 'The rollout ended before it came to them.',
  wrong_image: 'They report success over bytes that are not those of the image.',
  rolled_back: 'Their boot loader went back to the old image.',
  bricked: 'They will never run again.',
  hurt: 'Any of wrong_image, rolled_back and bricked; each device once.',
}

export const TIMING_MEANINGS: Readonly<Record<Timing, string>> = {
  connect: 'first connect attempt → CONNACK',
  pickup: 'notified → picked up',
  download: 'first request → whole image',
  job: 'picked up → final report',
}

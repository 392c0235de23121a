import { startCloud } from '../../dist/cloud/start.js'
import { ScaledClock } from '../../dist/clock/scaled.js'
import { DoorProcesses } from '../../dist/run/door-processes.js'

/** Starts a cloud with two doors, writes down their processes, and waits to be killed. */
const clock = ScaledClock.waiting(1, 0)
const credentials = { accessKeyId: 'key', secretAccessKey: 'secret' }
const running = await startCloud({ clock, host: '127.0.0.1', httpPort: 0, mqttPort: 0, credentials })
const doors = await DoorProcesses.start({ running, count: 2, clock, onLost() {} })
console.log(JSON.stringify(doors.pids))

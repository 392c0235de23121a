import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url))
const CPU_USAGE = new URL('cpu-usage.mjs', import.meta.url).href
const CLOUD_READY = /AWS API {2}(http:\/\/\S+)[^]*MQTT {5}mqtt:\/\/[^:]+:(\d+)/

/** `fleetsim cloud` on free ports in a process of its own, without TLS. */
export async function serveCloud() {
  const { match, ...server } = await serve([MAIN, 'cloud', '--http-port', '0', '--mqtt-port', '0', '--no-tls'], CLOUD_READY)
  return { ...server, url: match[1], mqttPort: Number(match[2]) }
}

/** A server in a process of its own, once it has printed what `ready` matches. `cpuSeconds` asks how much processor time it has taken so far. */
export function serve(args, ready) {
  const child = spawn(process.execPath, ['--import', CPU_USAGE, ...args], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] })
  const stop = () =>
    new Promise((resolve) => {
      child.once('exit', resolve)
      child.kill()
    })
  const cpuSeconds = () =>
    new Promise((resolve) => {
      child.once('message', ({ user, system }) => resolve((user + system) / 1e6))
      child.send('cpu usage')
    })
  return new Promise((resolve, reject) => {
    let output = ''
    child.once('exit', (code) => reject(new Error(`ended with ${code}:\n${output}`)))
    child.stdout.on('data', (chunk) => {
      output += chunk
      const match = ready.exec(output)
      if (match) resolve({ match, pid: child.pid, stop, cpuSeconds })
    })
  })
}

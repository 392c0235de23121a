import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { freePort } from './scrape.mjs'

const HOST = '127.0.0.1'

/** Debian's mosquitto on a free port, without logs and persistence; undefined when it isn't installed. */
export async function startMosquitto() {
  if (spawnSync('mosquitto', ['-h']).error) return undefined
  const folder = mkdtempSync(join(tmpdir(), 'fleetsim-bench-'))
  const port = await freePort()
  const file = join(folder, 'mosquitto.conf')
  writeFileSync(file, `listener ${port} ${HOST}\nallow_anonymous true\npersistence false\nset_tcp_nodelay true\nlog_type none\n`)
  const child = spawn('mosquitto', ['-c', file], { stdio: 'ignore' })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  while (!(await listens(port))) await wait(20)
  const stop = async () => {
    child.kill()
    await ended
    rmSync(folder, { recursive: true })
  }
  return { port, pid: child.pid, stop }
}

function listens(port) {
  return new Promise((resolve) => {
    const socket = connect(port, HOST, () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })
}

/** How many devices are connected, how often they lost their connection, and what they downloaded, so far. */
export interface TrafficCounts {
  readonly online: number
  readonly connects: number
  readonly connectFailures: number
  readonly disconnects: number
  readonly downloads: number
  readonly downloadedBytes: number
  readonly downloadRetries: number
}

/** Counts connections and downloads; one byte a device. */
export class Traffic implements TrafficCounts {
  online = 0
  connects = 0
  connectFailures = 0
  disconnects = 0
  downloads = 0
  downloadedBytes = 0
  downloadRetries = 0
  readonly #connected: Uint8Array

  constructor(devices: number) {
    this.#connected = new Uint8Array(devices)
  }

  connected(device: number): void {
    this.connects += 1
    this.online += 1 - this.#connected[device]!
    this.#connected[device] = 1
  }

  disconnected(device: number): void {
    this.disconnects += 1
    this.down(device)
  }

  /** A program that starts, and a device that died, have no connection, whether or not the old one was seen to end. */
  down(device: number): void {
    this.online -= this.#connected[device]!
    this.#connected[device] = 0
  }

  downloaded(bytes: number, retries: number): void {
    this.downloads += 1
    this.downloadedBytes += bytes
    this.downloadRetries += retries
  }
}

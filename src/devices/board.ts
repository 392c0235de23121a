import { Link } from '../network/link.ts'
import type { LinkConfig } from '../network/config.ts'
import type { Wakeable } from '../ports/clock.ts'
import type { DeviceEvent, EventSink, Phase } from '../ports/events.ts'
import type { Check, FaultTarget } from '../ports/faults.ts'
import type { HttpResponse } from '../ports/http.ts'
import type { MqttConnectOptions, Payload } from '../ports/mqtt.ts'
import { Random } from '../random.ts'
import { BodyStream } from './body-stream.ts'
import { Damage, type DealtFault } from './damage.ts'
import { type Effect, type Firmware, type Hardware, type ImageRecord, LinkLost, type Message, RequestFailed } from './firmware.ts'
import { Modem, type ModemUser, type Network } from './modem.ts'
import { Letters } from './letters.ts'
import { Twin } from './twin.ts'

/** Messages that wait while the program is busy; the oldest goes when another comes. */
const INBOX_LIMIT = 64

/** What the boards of one group in one thread share. */
export interface Site<Flash = unknown> {
  readonly network: Network
  readonly lan: Lan
  readonly seed: number
  /** Simulated time at which the run began. */
  readonly startMs: number
  readonly link: LinkConfig
  readonly emit: EventSink
  /** The program that runs after each boot. */
  readonly program: (hardware: Hardware<Flash>) => Firmware
  /** Images that were published, for the boot loader's signature check. */
  readonly published: readonly ImageRecord[]
  /** Certificates (PEM) that the boards were made with, by their paths. */
  readonly certificates?: ReadonlyMap<string, string>
  /** Counts what an inbox had no room for. */
  onDropped(): void
}

/** A local network: the hotspot of a gateway. */
export interface Lan {
  serve(host: string, files: ReadonlyMap<string, Uint8Array>): void
  /** Takes the files of a host that lost its power away. */
  silence(host: string): void
  join(host: string, receive: (message: Message) => void): void
  tell(host: string, message: Message): void
}

/** A time not set yet. A double from the start: fields that begin as small integers would be laid out anew in every board later on. */
const NEVER = NaN

// Tokens: the lowest bit says what is due, the rest counts power cycles and waits.
const WAIT = 0
const POWER_ON = 1

type Waiting = 'nothing' | 'connect' | 'subscribe' | 'receive' | 'sleep' | 'fetch' | 'send' | 'open' | 'read' | 'off'

/** One emulated device: power, flash, radio and the program that runs on them. Faults act here, never on the program. */
export class Board<Flash = unknown> implements Hardware<Flash>, ModemUser, FaultTarget, Wakeable {
  readonly name: string
  readonly index: number
  readonly flash: Flash
  readonly #site: Site<Flash>
  readonly #link: Link
  readonly #modem: Modem
  #random: Random | undefined
  #damage: Damage | undefined
  #reading: { readonly stream: BodyStream; readonly piece: Uint8Array } | undefined
  #program: Firmware | undefined
  /** Counts power cycles and waits, so that a wake that belongs to an earlier one is ignored. */
  #epoch = 0
  #waiting: Waiting = 'off'
  #waitUntil = NEVER
  #now = NEVER
  #boots = 0
  #hung = false
  #lost: string | undefined
  #connectSince = NEVER
  /** What came while the program was busy. */
  #inbox: Message[] | undefined
  #letters: Letters | undefined

  constructor(site: Site<Flash>, index: number, name: string, flash: Flash, faults?: DealtFault[]) {
    this.#site = site
    this.index = index
    this.name = name
    this.flash = flash
    this.#link = new Link(site.link, new Random(site.seed, index, 'link'), site.startMs)
    this.#modem = new Modem(site.network, this.#link, this)
    if (faults) this.#damage = new Damage(faults)
  }

  /** Switches the device on `delayMs` after the start of the run; a fault may make it later. `boots` counts earlier boots. */
  start(delayMs: number, boots = 0): void {
    this.#boots = boots
    this.#now = this.#site.startMs
    for (const fault of this.#damage?.faults ?? []) {
      if (fault.struck || fault.kind.when === 'power-on') this.#strike(fault)
    }
    const delayedMs = this.#damage?.startDelayMs ?? 0
    if (delayedMs !== Infinity) this.#powerOnAt(this.#now + delayMs + delayedMs)
  }

  /** Ends everything without a word: the run is over. */
  stop(): void {
    this.#cutPower()
  }

  wake(token: number): void {
    if (token >> 1 !== this.#epoch) return
    if ((token & 1) === POWER_ON) return this.#boot(this.#waitUntil)
    // The only waits that end by time: a sleep, and a receive with a timeout.
    this.#resume(undefined, this.#waitUntil)
  }

  // Hardware

  now(): number {
    return this.#now
  }

  random(): number {
    // Few kinds draw any.
    this.#random ??= new Random(this.#site.seed, this.index, 'program')
    return this.#random.next()
  }

  emit(event: Parameters<Hardware['emit']>[0]): void {
    // The event is the caller's no more: completing it is far cheaper than a copy.
    const complete = event as { -readonly [Key in keyof DeviceEvent]: DeviceEvent[Key] }
    complete.at = this.#now - this.#site.startMs
    complete.device = this.index
    this.#site.emit(complete as DeviceEvent)
  }

  refusal(check: Check): string | undefined {
    return this.#damage?.refusal(check)
  }

  isGenuine(image: ImageRecord): boolean {
    return this.versionIn(image) !== undefined
  }

  versionIn({ bytes, crc32 }: Pick<ImageRecord, 'bytes' | 'crc32'>): string | undefined {
    return this.#site.published.find((published) => published.crc32 === crc32 && published.bytes === bytes)?.version
  }

  certificate(path: string): string | undefined {
    return this.#site.certificates?.get(path)
  }

  discardMessages(): void {
    this.#inbox = undefined
  }

  serveFiles(files: ReadonlyMap<string, Uint8Array>): void {
    this.#site.lan.serve(this.name, files)
    this.joinLan()
  }

  joinLan(): void {
    this.#site.lan.join(this.name, (message) => this.onMessage(message.topic, message.payload, this.#site.network.clock.now()))
  }

  // The program

  #powerOnAt(at: number): void {
    this.#epoch++
    this.#waiting = 'off'
    this.#waitUntil = at
    this.#site.network.clock.wake(at, this, (this.#epoch << 1) | POWER_ON)
  }

  #boot(at: number): void {
    this.#now = Math.max(this.#now, at)
    this.#boots++
    this.#hung = false
    this.#lost = undefined
    this.#connectSince = NEVER
    this.emit({ type: 'booted', boots: this.#boots, version: versionOf(this.flash) })
    this.#program = this.#site.program(this)
    this.#run(this.#program.next())
  }

  #resume(value: unknown, at: number): void {
    if (this.#hung || !this.#program) return
    this.#now = Math.max(this.#now, at)
    this.#waiting = 'nothing'
    this.#epoch++
    this.#run(this.#program.next(value))
  }

  #throwInto(error: Error, at: number): void {
    if (this.#hung || !this.#program) return
    this.#now = Math.max(this.#now, at)
    this.#waiting = 'nothing'
    this.#epoch++
    this.#run(this.#program.throw(error))
  }

  /** Lets the program go on until it waits for something. */
  #run(first: IteratorResult<Effect, void>): void {
    const program = this.#program
    let result = first
    while (!result.done) {
      const outcome = this.#perform(result.value)
      // A fault may have switched the device off while the effect was performed.
      if (outcome === waits || this.#program !== program || this.#hung) return
      result = outcome instanceof Error ? program!.throw(outcome) : program!.next(outcome)
    }
    if (this.#program === program) throw new Error(`the program of ${this.name} ended`)
  }

  /** Starts an effect. Returns its result, an error to throw, or `waits`. */
  #perform(effect: Effect): unknown {
    switch (effect.do) {
      case 'publish': {
        const lost = this.#takeLoss()
        if (lost) return lost
        return this.#modem.publish(this.#now, effect.topic, effect.payload, effect.qos)
      }
      case 'receive': {
        const message = this.#nextInInbox()
        if (message) return message
        const lost = this.#takeLoss()
        if (lost) return lost
        return effect.timeoutMs === 0 ? undefined : this.#wait('receive', effect.timeoutMs)
      }
      case 'fetch':
        this.#wait('fetch', Infinity)
        this.#modem.send(this.#now, this.#damage?.sent(effect) ?? effect, effect.timeoutMs)
        return waits
      case 'send':
        this.#wait('send', Infinity)
        this.#modem.send(this.#now, effect.request, effect.timeoutMs)
        return waits
      case 'open':
        this.#wait('open', Infinity)
        this.#modem.open(this.#now, this.#damage?.sent(effect) ?? effect, effect.timeoutMs)
        return waits
      case 'read':
        return this.#read(effect.stream, effect.bytes)
      case 'sleep':
        return this.#wait('sleep', effect.ms)
      case 'connect': {
        this.#lost = undefined
        if (Number.isNaN(this.#connectSince)) this.#connectSince = this.#now
        this.#wait('connect', Infinity)
        const options = connectOptions(this.name, effect.options)
        if (this.#damage) this.#damage.connectedAs = options
        this.#modem.connect(this.#now, options, effect.timeoutMs)
        return waits
      }
      case 'subscribe': {
        const lost = this.#takeLoss()
        if (lost) return lost
        this.#wait('subscribe', Infinity)
        this.#modem.subscribe(this.#now, effect.subscriptions)
        return waits
      }
      case 'unsubscribe': {
        const lost = this.#takeLoss()
        if (lost) return lost
        return this.#modem.unsubscribe(this.#now, effect.filters)
      }
      case 'take-in':
        if (this.#damage?.isArmed) this.#strikeReached(this.#damage, shareOf(effect.part))
        return this.#damage?.seen(effect.part) ?? effect.part
      case 'disconnect':
        return this.#modem.disconnect()
      case 'phase':
        return this.#enter(effect.phase)
      case 'tell':
        return this.#sendLetter(effect.host, { topic: effect.topic, payload: effect.payload })
      case 'reboot':
        this.#endProgram()
        this.#modem.disconnect()
        this.#modem.drop()
        return this.#powerOnAt(this.#now + effect.ms)
    }
  }

  #wait(what: Waiting, ms: number): typeof waits {
    this.#waiting = what
    if (ms !== Infinity) {
      this.#waitUntil = this.#now + ms
      this.#site.network.clock.wake(this.#waitUntil, this, (this.#epoch << 1) | WAIT)
    }
    return waits
  }

  #takeLoss(): LinkLost | undefined {
    if (this.#lost === undefined) return undefined
    const error = new LinkLost(this.#lost)
    this.#lost = undefined
    return error
  }

  #endProgram(): void {
    this.#program = undefined
    this.#inbox = undefined
    this.#reading = undefined
    this.#damage?.restart()
    this.#epoch++
  }

  // ModemUser

  onConnected(sessionPresent: boolean, at: number): void {
    if (this.#waiting !== 'connect') return
    this.#now = Math.max(this.#now, at)
    this.emit({ type: 'connected', ms: this.#now - this.#connectSince })
    this.#connectSince = NEVER
    this.#resume(sessionPresent, at)
  }

  onSubscribed(granted: readonly number[], at: number): void {
    if (this.#waiting === 'subscribe') this.#resume(granted, at)
  }

  onMessage(topic: string, payload: Payload, at: number): void {
    for (let copies = this.#damage?.copiesOf(topic) ?? 1; copies > 0; copies--) this.#takeMessage(topic, payload, at)
  }

  #takeMessage(topic: string, payload: Payload, at: number): void {
    if (!this.#program) return
    if (this.#waiting === 'receive' && this.#inbox === undefined) return this.#resume({ topic, payload }, at)
    const inbox = (this.#inbox ??= [])
    if (inbox.length === INBOX_LIMIT) {
      inbox.shift()
      if (!this.#hung) this.#site.onDropped()
    }
    inbox.push({ topic, payload })
  }

  #nextInInbox(): Message | undefined {
    const message = this.#inbox?.shift()
    if (this.#inbox?.length === 0) this.#inbox = undefined
    return message
  }

  onLost(reason: string, at: number): void {
    if (!this.#program) return
    this.#now = Math.max(this.#now, at)
    const connecting = this.#waiting === 'connect'
    this.emit(connecting ? { type: 'connect-failed', reason } : { type: 'disconnected', reason })
    if (connecting || this.#waiting === 'subscribe' || this.#waiting === 'receive') this.#throwInto(new LinkLost(reason), at)
    else this.#lost = reason
  }

  onFetched(response: HttpResponse, at: number): void {
    if (this.#waiting === 'open') return this.#resume(new BodyStream(this.#damage?.seen(response) ?? response, this.#modem.breaks), at)
    if (this.#waiting === 'read') return this.#onRead(at)
    if (this.#waiting === 'send') return this.#resume(response, at)
    if (this.#waiting !== 'fetch') return
    this.#now = Math.max(this.#now, at)
    if (this.#damage?.isArmed) {
      this.#strikeReached(this.#damage, shareOf(response))
      if (!this.#program || this.#hung) return
      if (this.#link.onlineAt(this.#now) > this.#now) return this.#throwInto(new RequestFailed('reset'), this.#now)
    }
    this.#resume(this.#damage?.seen(response) ?? response, at)
  }

  #read(stream: BodyStream, bytes: number): unknown {
    if (stream.link !== this.#modem.breaks) return new RequestFailed('reset')
    const piece = stream.take(bytes)
    if (piece.length === 0) return piece
    this.#reading = { stream, piece }
    this.#wait('read', Infinity)
    this.#modem.read(this.#now, piece.length)
    return waits
  }

  #onRead(at: number): void {
    const { stream, piece } = this.#reading!
    this.#reading = undefined
    this.#now = Math.max(this.#now, at)
    if (this.#damage?.isArmed) {
      this.#strikeReached(this.#damage, stream.share)
      if (!this.#program || this.#hung) return
      if (stream.link !== this.#modem.breaks) return this.#throwInto(new RequestFailed('reset'), this.#now)
    }
    this.#resume(piece, at)
  }

  onFetchFailed(reason: string, at: number): void {
    if (this.#waiting === 'read') this.#reading!.stream.link = NaN
    this.#reading = undefined
    if (this.#waiting === 'fetch' || this.#waiting === 'send' || this.#waiting === 'open' || this.#waiting === 'read')
      this.#throwInto(new RequestFailed(reason), at)
  }

  // Faults

  #enter(phase: Phase): typeof waits | undefined {
    this.emit({ type: 'phase', phase })
    const damage = this.#damage
    if (!damage) return undefined
    if (phase === 'download') damage.disarm()
    for (const fault of damage.faults) {
      if (fault.during !== phase || fault.kind.when === 'power-on') continue
      if (phase === 'download' && fault.kind.when === 'midway') damage.arm(fault, new Random(this.#site.seed, this.index, `fault ${fault.index} at`))
      else this.#strike(fault)
    }
    return undefined
  }

  #strikeReached(damage: Damage, share: number): void {
    for (const fault of damage.reached(share)) this.#strike(fault)
  }

  #strike(fault: DealtFault): void {
    this.#damage?.strikes(fault)
    const random = new Random(this.#site.seed, this.index, `fault ${fault.index}`)
    if (!fault.struck) this.emit({ type: 'fault', fault: fault.index, name: fault.kind.name })
    fault.kind.strike(this, fault.config, () => random.next())
  }

  /** Where faults leave their marks. A fault strikes only a board that was dealt one, or one that a test does this to. */
  #marks(): Damage {
    return (this.#damage ??= new Damage([]))
  }

  tamper(stage: (response: HttpResponse) => HttpResponse): void {
    this.#marks().tamper(stage)
  }

  ignoreHeader(name: string): void {
    this.#marks().ignoreHeader(name)
  }

  slowLink(factor: number, ms: number): void {
    this.#link.slow(factor, this.#now + ms)
  }

  cutLink(ms: number): void {
    this.#link.cut(this.#now + ms)
    this.#damage?.twin?.breakLink(this.#now)
    this.#modem.breakLink('closed', this.#now)
  }

  twin(ms: number): void {
    const damage = this.#marks()
    if (!damage.connectedAs) return
    damage.twin?.cutPower()
    damage.twin = new Twin(this.#site.network, this.#link, damage.connectedAs, this.#now, this.#now + ms)
  }

  hang(): void {
    this.#hung = true
    this.emit({ type: 'settled' })
  }

  powerOff(ms: number): void {
    this.#cutPower()
    if (ms === Infinity) this.emit({ type: 'settled' })
    else this.#powerOnAt(this.#now + ms)
  }

  refuse(check: Check, reason: string, until?: 'restart'): void {
    this.#marks().refuse(check, reason, until)
  }

  repeat(isRepeated: (topic: string) => boolean, copies: number): void {
    this.#marks().repeat(isRepeated, copies)
  }

  brick(reason: string, plugin?: string): void {
    this.#cutPower()
    this.#marks().startDelayMs = Infinity
    this.emit(plugin === undefined ? { type: 'bricked', reason } : { type: 'bricked', reason, plugin })
    this.emit({ type: 'settled' })
  }

  startLater(ms: number): void {
    this.#marks().startDelayMs += ms
  }

  #cutPower(): void {
    this.#endProgram()
    this.#waiting = 'off'
    this.#modem.drop()
    if (this.#damage) {
      this.#damage.twin?.cutPower()
      this.#damage.twin = undefined
    }
    this.#site.lan.silence(this.name)
  }

  // Local network

  #sendLetter(host: string, message: Message): void {
    const at = this.#link.up(this.#now, message.payload.length + message.topic.length)
    if (at === Infinity) return
    this.#letters ??= new Letters(this.#site.network.clock, this.#site.lan)
    this.#letters.post(at, host, message)
  }
}

const waits = Symbol('waits')

/** How far into its file a response reaches. */
function shareOf({ headers }: HttpResponse): number {
  const range = /^bytes \d+-(\d+)\/(\d+)$/.exec(headers['content-range'] ?? '')
  return range ? (Number(range[1]) + 1) / Number(range[2]) : 1
}

function versionOf(flash: unknown): string {
  return (flash as { running: ImageRecord }).running.version
}

/** Written out, since a copy with a member more costs twenty times as much. */
function connectOptions(clientId: string, { clean, keepAliveSeconds, will }: Omit<MqttConnectOptions, 'clientId'>): MqttConnectOptions {
  return will ? { clientId, clean, keepAliveSeconds, will } : { clientId, clean, keepAliveSeconds }
}

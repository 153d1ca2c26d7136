/**
 * Listeners by the name of their event, and the channels of `node:diagnostics_channel`: `noormme:query` and so on. A listener
 * never breaks what it listens to: what it throws, at once or by a rejected promise, goes to the `error` listeners, and when
 * there are none, or one of them throws, becomes a warning of the process.
 */
import { channel } from 'node:diagnostics_channel'
import { ValidationError } from '../errors.ts'
import { toError } from '../util/attempt.ts'
import { nearest } from '../util/nearest.ts'
import type { DatabaseEvents, EventListener, EventName } from './types.ts'

type Listeners = { readonly [Name in EventName]: Set<{ readonly listener: EventListener<Name> }> }

/** Kept: Node.js forgets a channel that nobody holds and nobody subscribes to. */
const CHANNELS = {
  query: channel('noormme:query'),
  slowQuery: channel('noormme:slowQuery'),
  nPlusOne: channel('noormme:nPlusOne'),
  checkpoint: channel('noormme:checkpoint'),
  health: channel('noormme:health'),
  schemaChange: channel('noormme:schemaChange'),
  backup: channel('noormme:backup'),
  error: channel('noormme:error'),
} as const satisfies Readonly<Record<EventName, unknown>>

const NAMES = Object.keys(CHANNELS)

export interface EventsOptions {
  /** Which database, for those who hear of several in one channel. */
  readonly database: string
  /** Called when somebody has begun or ceased to listen. */
  readonly onChange: () => void
}

export class Events {
  readonly #listeners: Listeners = {
    query: new Set(),
    slowQuery: new Set(),
    nPlusOne: new Set(),
    checkpoint: new Set(),
    health: new Set(),
    schemaChange: new Set(),
    backup: new Set(),
    error: new Set(),
  }
  readonly #options: EventsOptions

  constructor(options: EventsOptions) {
    this.#options = options
  }

  /**
   * Returns a function that ends it; calling that again does nothing.
   *
   * @throws ValidationError for an event that does not exist, with the nearest name.
   */
  on<Name extends EventName>(name: Name, listener: EventListener<Name>): () => void {
    check(name, listener)
    // The same function given twice is two listeners, each ended by itself.
    const entry = { listener }
    this.#listeners[name].add(entry)
    this.#options.onChange()
    return () => {
      if (this.#listeners[name].delete(entry)) this.#options.onChange()
    }
  }

  /** Whether anybody wants to know: a listener of this database, or a subscriber of the channel. */
  has(name: EventName): boolean {
    return this.#listeners[name].size > 0 || CHANNELS[name].hasSubscribers
  }

  /** Whether this database itself has a listener. */
  listened(name: EventName): boolean {
    return this.#listeners[name].size > 0
  }

  emit<Name extends EventName>(name: Name, event: DatabaseEvents[Name]): void {
    if (CHANNELS[name].hasSubscribers) CHANNELS[name].publish({ database: this.#options.database, ...event })
    for (const { listener } of [...this.#listeners[name]]) {
      try {
        const result = listener(event)
        if (result instanceof Promise) result.catch((error: unknown) => this.#failed(name, error))
      } catch (error) {
        this.#failed(name, error)
      }
    }
  }

  #failed(source: EventName, error: unknown): void {
    if (source !== 'error' && this.listened('error')) this.emit('error', { error: toError(error), source })
    else process.emitWarning(`a listener of '${source}' failed: ${toError(error).message}`, 'NoormmeWarning')
  }
}

function check(name: unknown, listener: unknown): void {
  if (typeof name !== 'string' || !NAMES.includes(name)) {
    const close = nearest(String(name), NAMES)
    const meant = close.length === 0 ? '' : ` Did you mean '${close.join("' or '")}'?`
    throw new ValidationError({
      subject: 'on()',
      reason: `knows no such event.${meant}`,
      advice: `Events are ${NAMES.join(', ')}.`,
    })
  }
  if (typeof listener !== 'function') {
    throw new ValidationError({ subject: `on('${name}')`, reason: 'needs a function that is called with each event' })
  }
}

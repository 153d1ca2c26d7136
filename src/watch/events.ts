/**
 * Listeners by the name of their event. A listener never breaks what it listens to: what it throws, at once or by a
 * rejected promise, goes to the `error` listeners, and when there are none, or one of them throws, becomes a warning of
 * the process.
 */
import { ValidationError } from '../errors.ts'
import { toError } from '../util/attempt.ts'
import { nearest } from '../util/nearest.ts'
import type { DatabaseEvents, EventListener, EventName } from './types.ts'

const NAMES: Readonly<Record<EventName, true>> = {
  query: true,
  slowQuery: true,
  nPlusOne: true,
  schemaChange: true,
  backup: true,
  error: true,
}

type Listeners = { readonly [Name in EventName]: Set<{ readonly listener: EventListener<Name> }> }

export class Events {
  readonly #listeners: Listeners = {
    query: new Set(),
    slowQuery: new Set(),
    nPlusOne: new Set(),
    schemaChange: new Set(),
    backup: new Set(),
    error: new Set(),
  }
  readonly #onChange: () => void

  /** `onChange` is called when somebody has begun or ceased to listen. */
  constructor(onChange: () => void) {
    this.#onChange = onChange
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
    this.#onChange()
    return () => {
      if (this.#listeners[name].delete(entry)) this.#onChange()
    }
  }

  /** Whether anybody listens. */
  has(name: EventName): boolean {
    return this.#listeners[name].size > 0
  }

  emit<Name extends EventName>(name: Name, event: DatabaseEvents[Name]): void {
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
    if (source !== 'error' && this.has('error')) this.emit('error', { error: toError(error), source })
    else process.emitWarning(`a listener of '${source}' failed: ${toError(error).message}`, 'NoormmeWarning')
  }
}

function check(name: unknown, listener: unknown): void {
  if (typeof name !== 'string' || !Object.hasOwn(NAMES, name)) {
    const close = nearest(String(name), Object.keys(NAMES))
    const meant = close.length === 0 ? '' : ` Did you mean '${close.join("' or '")}'?`
    throw new ValidationError({
      subject: 'on()',
      reason: `knows no such event.${meant}`,
      advice: `Events are ${Object.keys(NAMES).join(', ')}.`,
    })
  }
  if (typeof listener !== 'function') {
    throw new ValidationError({ subject: `on('${name}')`, reason: 'needs a function that is called with each event' })
  }
}

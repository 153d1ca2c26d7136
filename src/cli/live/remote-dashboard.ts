/** A dashboard that runs elsewhere, asked through its API: what is said there is in `dashboard/protocol.ts`. */
import type { Overview, SchemaSize, Tick } from '../../dashboard/protocol.ts'
import { ConnectionError } from '../../errors.ts'
import { toError } from '../../util/attempt.ts'
import type { LiveEvent } from './live-event.ts'
import { serverSentEvents } from './server-sent-events.ts'

export type StreamEnd = 'ended' | 'another session'

export class RemoteDashboard {
  readonly #base: URL
  readonly #init: RequestInit
  readonly #signal: AbortSignal

  /** @throws ConnectionError for an address that is none. */
  constructor(address: string, { token, signal }: { readonly token: string | null; readonly signal: AbortSignal }) {
    if (!URL.canParse(address)) {
      throw new ConnectionError({
        path: address,
        reason: 'it is no address',
        advice: 'Give it as http://HOST:PORT/PATH.',
      })
    }
    const base = new URL(address)
    if (!base.pathname.endsWith('/')) base.pathname += '/'
    this.#base = base
    this.#init = { signal, ...(token === null ? {} : { headers: { authorization: `Bearer ${token}` } }) }
    this.#signal = signal
  }

  /** One overview, then ticks until the dashboard ends the stream or its database is another one: opened again, or closed. */
  async *events(): AsyncGenerator<LiveEvent, StreamEnd> {
    // Before the rest is asked for, so that nothing is missed between.
    const { body } = await this.#get('api/events')
    const overview = (await this.#json('api/overview')) as Overview
    const tables = ((await this.#json('api/schema')) as SchemaSize[]).map(({ table }) => table)
    yield { kind: 'overview', overview, tables }
    if (body === null) return 'ended'
    try {
      for await (const { event, data } of serverSentEvents(body)) {
        if (event !== 'tick') continue
        const tick = JSON.parse(data) as Tick
        if (tick.session !== overview.database.session) return 'another session'
        yield { kind: 'tick', tick }
      }
    } catch (error) {
      if (!this.#signal.aborted) throw this.#failure(toError(error))
    }
    return 'ended'
  }

  async #json(path: string): Promise<unknown> {
    const response = await this.#get(path)
    try {
      return await response.json()
    } catch (error) {
      throw this.#failure(toError(error))
    }
  }

  async #get(path: string): Promise<Response> {
    const response = await fetch(new URL(path, this.#base), this.#init).catch((error: unknown) => {
      throw this.#failure(toError(error))
    })
    if (response.ok) return response
    await response.body?.cancel()
    const { reason, advice } = refusalOf(response.status)
    throw new ConnectionError({ path: this.#base.href, reason, advice })
  }

  #failure(cause: Error): ConnectionError {
    const { cause: deeper } = cause
    const code = deeper instanceof Error && 'code' in deeper ? ` (${deeper.code})` : ''
    const path = this.#base.href
    return new ConnectionError(
      { path, reason: `no dashboard answers there${code}`, advice: 'Check the address.' },
      { cause },
    )
  }
}

function refusalOf(status: number): { readonly reason: string; readonly advice: string } {
  if (status === 401) return { reason: 'it wants a token', advice: 'Give it with --token, or as NOORMME_TOKEN.' }
  if (status === 403)
    return { reason: 'it refuses to be looked at', advice: 'Ask from its own machine, or give it a token.' }
  return {
    reason: `it answers ${status}`,
    advice: 'Give the address of the dashboard itself, with the path of its page.',
  }
}

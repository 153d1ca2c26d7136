/** One visit: somebody comes in, looks around, and perhaps likes, comments or buys. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Random } from '../lib/art/random.ts'
import { STYLES } from '../lib/art/styles.ts'
import { GUESTS, REMARKS, TAGS } from '../lib/seed/words.ts'
import type { Report } from './report.ts'

export interface VisitOptions {
  readonly base: URL
  readonly random: Random
  /** How long they look at a page, on average. */
  readonly pauseMs: number
  readonly report: Report
  /** Aborts at the end of the run. */
  readonly stop: AbortSignal
  readonly isOver: () => boolean
}

interface Answer {
  readonly status: number
  readonly body: string
  readonly location: string
}

const NOTHING: Answer = { status: 0, body: '', location: '' }
/** Pictures fetched with a page; a browser would have the others in its cache. */
const PICTURES = 4

export function createVisitor({ base, random, pauseMs, report, stop, isOver }: VisitOptions): {
  stroll(): Promise<void>
} {
  const cookies = new Map<string, string>()

  return { stroll }

  async function stroll(): Promise<void> {
    let works = worksOn(await look('front', '/'))
    for (let room = random.int(1, 4); room > 0 && !isOver(); room--) {
      const page = random.chance(0.4) ? await look('search', searchPath()) : await look('browse', browsePath())
      works = [...worksOn(page), ...works]
      const chosen = works.length === 0 ? undefined : works[random.int(0, works.length - 1)]
      if (chosen !== undefined && !isOver()) await study(chosen)
    }
    if (random.chance(0.2) && !isOver()) await look('artists', `/artists?page=${random.int(1, 8)}`)
  }

  async function study(work: string): Promise<void> {
    const page = await look('work', work)
    if (random.chance(0.3)) await act('like', `${work}/like`, { liked: 'yes' }, [303])
    if (random.chance(0.12)) {
      await act('comment', `${work}/comments`, { name: random.pick(GUESTS), body: random.pick(REMARKS) }, [303])
    }
    if (random.chance(0.2) && page.body.includes('action="/cart"')) await buy(work)
  }

  async function buy(work: string): Promise<void> {
    await act('cart', '/cart', { artwork: work.slice('/works/'.length) }, [303])
    const cart = await look('cart', '/cart')
    const token = /name="token" value="([\w-]+)"/.exec(cart.body)?.[1]
    if (token === undefined || isOver()) return
    const { status, location } = await act('checkout', '/checkout', { token, name: random.pick(GUESTS) }, [303, 409])
    if (status === 409) report.noted('refusals (sold out)')
    if (status === 303 && location.startsWith('/orders/')) {
      report.noted('orders')
      await look('order', location)
    }
  }

  /** A page with some of its pictures, and the time to look at it. */
  async function look(kind: string, path: string): Promise<Answer> {
    const answer = await request(kind, path, { method: 'GET' }, [200])
    const pictures = [...answer.body.matchAll(/src="(\/art\/\d+\.svg\?v=\d+)"/g)].map(([, src]) => src ?? '')
    await Promise.all(pictures.slice(0, PICTURES).map((src) => request('picture', src, { method: 'GET' }, [200])))
    await pause(pauseMs * 2 * random.next(), undefined, { signal: stop }).catch(() => undefined)
    return answer
  }

  function act(kind: string, path: string, fields: Record<string, string>, hoped: readonly number[]): Promise<Answer> {
    return request(
      kind,
      path,
      { method: 'POST', body: new URLSearchParams(fields), headers: { origin: base.origin } },
      hoped,
    )
  }

  async function request(kind: string, path: string, init: RequestInit, hoped: readonly number[]): Promise<Answer> {
    if (isOver()) return NOTHING
    const headers = new Headers(init.headers)
    if (cookies.size > 0) headers.set('cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '))
    const started = performance.now()
    try {
      const response = await fetch(new URL(path, base), { ...init, headers, redirect: 'manual' })
      const body = await response.text()
      if (hoped.includes(response.status)) report.answered(kind, performance.now() - started)
      else report.failed(kind, `answered ${response.status}`)
      for (const cookie of response.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
        cookies.set(name, value)
      }
      return { status: response.status, body, location: response.headers.get('location') ?? '' }
    } catch (error) {
      report.failed(kind, reasonOf(error))
      return NOTHING
    }
  }

  function browsePath(): string {
    const query = new URLSearchParams({ page: String(1 + Math.floor(random.next() ** 3 * 300)) })
    if (random.chance(0.5)) query.set('style', random.pick(STYLES))
    if (random.chance(0.3)) query.set('show', 'available')
    if (random.chance(0.3)) query.set('sort', random.pick(['loved', 'price-up', 'price-down']))
    return `/?${query}`
  }

  function searchPath(): string {
    return `/?${new URLSearchParams({ q: random.pick(['quiet moon', 'amber', 'late summer', 'no. 7', 'wren', ...TAGS]) })}`
  }
}

/** `fetch` says "fetch failed" to everything; what happened is in its cause. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  if (!(cause instanceof Error)) return String(cause)
  return 'code' in cause ? String(cause.code) : cause.message
}

function worksOn({ body }: Answer): string[] {
  return [...body.matchAll(/href="(\/works\/\d+)"/g)].map(([, path]) => path ?? '')
}

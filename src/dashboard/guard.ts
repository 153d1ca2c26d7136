/**
 * Who may ask for what. Pure: a request's facts in, a verdict out.
 *
 *     a page of another site that the browser lets send requests here     refused by Sec-Fetch-Site, else by Origin
 *     a name that was made to point to this machine (DNS rebinding)       refused by Host, where no token protects
 *     another machine, without a token                                    refused by its address
 *     anybody, with a token                                               the token, or the cookie that stands for it
 */
import type { ConnectionInfo } from './node-adapter.ts'
import type { ResolvedDashboardOptions } from './options.ts'
import { cookieName, isOpenSession, isSame, readCookie } from './session.ts'

export type Verdict =
  | { readonly kind: 'allowed' }
  /** A token would help. */
  | { readonly kind: 'unauthorized' }
  | { readonly kind: 'forbidden'; readonly why: string }

const ALLOWED: Verdict = { kind: 'allowed' }
const NOT_LOCAL =
  'Without a token only this machine may look. Give the dashboard a token, or, where this machine did ask, pass the address of the connection to its handler.'

/** Of any request, signed in or not: whether a browser sends it on behalf of another site. */
export function judgeOrigin({ method, headers }: Request, host: string): Verdict {
  const site = headers.get('sec-fetch-site')
  if (site !== null) {
    if (site === 'same-origin' || site === 'none') return ALLOWED
    // A link to the page is harmless; it shows nothing to who set it.
    return method === 'GET' && headers.get('sec-fetch-mode') === 'navigate' ? ALLOWED : OTHER_SITE
  }
  const origin = headers.get('origin')
  if (origin === null) return ALLOWED
  return URL.canParse(origin) && new URL(origin).host === host ? ALLOWED : OTHER_SITE
}

const OTHER_SITE: Verdict = { kind: 'forbidden', why: 'This was sent by a page of another site.' }

/** Whether who asks may look. */
export async function judgeAccess(
  request: Request,
  { token, authorize }: Pick<ResolvedDashboardOptions, 'token' | 'authorize'>,
  { host, connection, nowMs }: { host: string; connection: ConnectionInfo | undefined; nowMs: number },
): Promise<Verdict> {
  if (authorize !== null) {
    return (await authorize(request)) === true ? ALLOWED : { kind: 'forbidden', why: 'You may not look at this.' }
  }
  if (token !== null) return hasToken(request.headers, token, nowMs) ? ALLOWED : { kind: 'unauthorized' }
  return judgeLocal(request.headers, host, connection?.remoteAddress)
}

function hasToken(headers: Headers, token: string, nowMs: number): boolean {
  const bearer = /^bearer +(.+)$/i.exec(headers.get('authorization') ?? '')?.[1]
  if (bearer !== undefined) return isSame(bearer, token)
  const session = readCookie(headers.get('cookie'), cookieName(token))
  return session !== null && isOpenSession(token, session, nowMs)
}

/** A proxy on this machine connects from it, whoever asks the proxy. */
function judgeLocal(headers: Headers, host: string, remoteAddress: unknown): Verdict {
  const isPassedOn = ['forwarded', 'x-forwarded-for', 'x-real-ip'].some((name) => headers.has(name))
  if (isPassedOn || typeof remoteAddress !== 'string' || !isLoopbackAddress(remoteAddress)) {
    return { kind: 'forbidden', why: NOT_LOCAL }
  }
  if (isLoopbackName(host)) return ALLOWED
  return { kind: 'forbidden', why: 'Without a token the address has to be localhost, 127.0.0.1 or [::1].' }
}

export function isLoopbackAddress(address: string): boolean {
  return /^(?:::ffff:)?127(?:\.\d{1,3}){3}$/i.test(address) || address === '::1'
}

/** @param host as in a URL: with its port, IPv6 in brackets. */
export function isLoopbackName(host: string): boolean {
  const name = host
    .toLowerCase()
    .replace(/(?<!:[^\]]*):\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1')
  return name === 'localhost' || name.endsWith('.localhost') || isLoopbackAddress(name)
}

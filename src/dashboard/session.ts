/** Tokens and the cookie that stands for one, so that a browser does not keep the token itself. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

/** A working day and the evening after it. */
const SESSION_MS = 12 * 60 * 60 * 1000

/** Takes as long whatever the two have in common, lengths included: digests are compared. */
export function isSame(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected))
}

/**
 * The value of a cookie: when it ends, signed with the token. Nothing is kept, so that a session outlives a restart; with
 * another token all sessions have ended.
 */
export function openSession(token: string, nowMs: number): string {
  const until = String(nowMs + SESSION_MS)
  return `${until}.${sign(token, until)}`
}

export function isOpenSession(token: string, value: string, nowMs: number): boolean {
  const [until = '', signature = ''] = value.split('.')
  return isSame(signature, sign(token, until)) && Number(until) > nowMs
}

/** Cookies of all ports of a host are one pot: two dashboards with two tokens must not throw each other out. */
export function cookieName(token: string): string {
  return `noormme-${createHash('sha256').update(`cookie ${token}`).digest('hex').slice(0, 8)}`
}

/** `value` empty: the cookie is taken back. */
export function setCookie(name: string, value: string, { path, secure }: { path: string; secure: boolean }): string {
  const age = value === '' ? 0 : SESSION_MS / 1000
  return `${name}=${value}; Path=${path}; Max-Age=${age}; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`
}

export function readCookie(header: string | null, name: string): string | null {
  for (const part of (header ?? '').split(';')) {
    const [key, value] = part.trim().split('=', 2)
    if (key === name && value !== undefined) return value
  }
  return null
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

function sign(token: string, until: string): string {
  return createHmac('sha256', token).update(`noormme dashboard, until ${until}`).digest('base64url')
}

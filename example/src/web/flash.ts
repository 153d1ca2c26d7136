/** A message shown once, on the page after the one that caused it. The cookie names it; the words stand here. */
import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'

const MESSAGES = {
  added: { tone: 'good', text: 'Added to your cart.' },
  'cart-empty': { tone: 'bad', text: 'Your cart is empty.' },
  'cart-changed': { tone: 'good', text: 'Your cart is up to date.' },
  'quantity-unclear': { tone: 'bad', text: 'That was not a number of prints, so your cart is as it was.' },
  'none-left': { tone: 'bad', text: 'That edition has just sold out: none are left.' },
  commented: { tone: 'good', text: 'Thank you, your comment is on the wall.' },
  ordered: { tone: 'good', text: 'Thank you. Your prints are yours.' },
} as const

export type FlashName = keyof typeof MESSAGES
export type Flash = (typeof MESSAGES)[FlashName]

const COOKIE = 'flash'
const LIFETIME_S = 30

export function setFlash(c: Context, name: FlashName): void {
  setCookie(c, COOKIE, name, { path: '/', httpOnly: true, sameSite: 'Lax', maxAge: LIFETIME_S })
}

/** The message for the page that is answered right now. */
export const flashOf = (name: FlashName): Flash => MESSAGES[name]

export function takeFlash(c: Context): Flash | null {
  const name = getCookie(c, COOKIE)
  if (name === undefined) return null
  deleteCookie(c, COOKIE, { path: '/' })
  return Object.hasOwn(MESSAGES, name) ? MESSAGES[name as FlashName] : null
}

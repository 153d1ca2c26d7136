/** What every page knows of its request: the visitor, the theme, a message to show once, and the cart. */
import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { createMiddleware } from 'hono/factory'
import { countCart } from '../lib/shop/cart.ts'
import { createVisitor, findVisitor } from '../lib/shop/visitors.ts'
import { type Flash, takeFlash } from './flash.ts'

export const THEMES = ['auto', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

export interface Shop {
  Variables: {
    visitorId: number | null
    cartCount: number
    theme: Theme
    flash: Flash | null
  }
}

export type ShopContext = Context<Shop>

const VISITOR_COOKIE = 'dreambee'
const THEME_COOKIE = 'theme'
const YEAR_S = 365 * 24 * 60 * 60
const COOKIE = { path: '/', httpOnly: true, sameSite: 'Lax' } as const

export const loadContext = createMiddleware<Shop>(async (c, next) => {
  const token = getCookie(c, VISITOR_COOKIE)
  const visitorId = token === undefined ? null : await findVisitor(token)
  c.set('visitorId', visitorId)
  c.set('cartCount', visitorId === null ? 0 : await countCart(visitorId))
  c.set('theme', THEMES.find((theme) => theme === getCookie(c, THEME_COOKIE)) ?? 'auto')
  c.set('flash', takeFlash(c))
  await next()
})

/** The visitor's number; who has none yet gets one now. Only what changes something asks for it. */
export async function knownVisitor(c: ShopContext): Promise<number> {
  const known = c.get('visitorId')
  if (known !== null) return known
  const { id, token } = await createVisitor()
  setCookie(c, VISITOR_COOKIE, token, { ...COOKIE, maxAge: YEAR_S, secure: isSecure(c) })
  c.set('visitorId', id)
  return id
}

export function rememberTheme(c: ShopContext, theme: Theme): void {
  setCookie(c, THEME_COOKIE, theme, { ...COOKIE, maxAge: YEAR_S, secure: isSecure(c) })
}

/** Browsers drop `Secure` cookies of plain http, which is what the gallery speaks on this machine. */
function isSecure(c: Context): boolean {
  return new URL(c.req.url).protocol === 'https:'
}

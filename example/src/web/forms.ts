/** Reads what forms and addresses carry; everything a visitor sends is text until it has passed here. */
import type { ShopContext } from './context.ts'

export type Fields = Readonly<Record<string, string>>

/** The text fields of a form, trimmed, line ends as `\n`, without control characters and halves of characters. */
export async function readForm(c: ShopContext): Promise<Fields> {
  const fields: Record<string, string> = Object.create(null)
  for (const [name, value] of Object.entries(await c.req.parseBody())) {
    if (typeof value === 'string') fields[name] = clean(value)
  }
  return fields
}

export function clean(text: string): string {
  return text
    .toWellFormed()
    .replaceAll('\r\n', '\n')
    .replaceAll(/[^\P{Cc}\n\t]/gu, '')
    .trim()
}

/** A whole number from 1 on, or `fallback`. */
export function positive(text: string | undefined, fallback: number): number {
  return text !== undefined && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : fallback
}

/** One of the values, or `fallback` for anything else. */
export function oneOf<T extends string, F>(text: string | undefined, values: readonly T[], fallback: F): T | F {
  return values.find((value) => value === text) ?? fallback
}

/** A path on this site to go back to; never another site's address. */
export function localPath(text: string | undefined): string {
  if (text === undefined || !/^\/(?![/\\])/.test(text)) return '/'
  const base = 'http://gallery.invalid'
  if (!URL.canParse(text, base)) return '/'
  const { origin, pathname, search } = new URL(text, base)
  return origin === base ? pathname + search : '/'
}

/** Reads what forms and addresses carry; everything a visitor sends is text until it has passed here. */
import { HTTPException } from 'hono/http-exception'
import type { ShopContext } from './context.ts'

export type Fields = Readonly<Record<string, string>>

/**
 * The text fields of a form, trimmed, line ends as `\n`, without control characters and halves of characters.
 * Throws a 400 for a body that cannot be read.
 */
export async function readForm(c: ShopContext): Promise<Fields> {
  const fields: Record<string, string> = Object.create(null)
  for (const [name, value] of Object.entries(await parseBody(c))) {
    if (typeof value === 'string') fields[name] = clean(value)
  }
  return fields
}

async function parseBody(c: ShopContext): Promise<Readonly<Record<string, string | File>>> {
  try {
    return await c.req.parseBody()
  } catch (cause) {
    throw new HTTPException(400, { message: 'This form arrived garbled. Please send it once more.', cause })
  }
}

export function clean(text: string): string {
  return text
    .toWellFormed()
    .replaceAll('\r\n', '\n')
    .replaceAll(/[^\P{Cc}\n\t]/gu, '')
    .trim()
}

/** A whole number from 1 on, or `fallback`. */
export function positive<F>(text: string | undefined, fallback: F): number | F {
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

/** The cart: which works a visitor means to buy. It reserves nothing; the checkout decides. */

import type { Style } from '../art/styles.ts'
import { db } from '../db/noormme.ts'

/** Copies of one work in one order. */
export const MOST_COPIES = 5

export interface CartLine {
  readonly artwork_id: number
  readonly quantity: number
  readonly title: string
  readonly style: Style
  readonly price_cents: number
  readonly stock: number
  readonly edition: number
  readonly artist_name: string
}

export async function readCart(visitorId: number): Promise<readonly CartLine[]> {
  const items = await db.getRepository('cart_items').findAll({
    where: { visitor_id: visitorId },
    orderBy: ['added_at', 'artwork_id'],
    select: ['artwork_id', 'quantity'],
    with: {
      artwork: {
        select: ['title', 'style', 'price_cents', 'stock', 'edition'],
        with: { artist: { select: ['name'] } },
      },
    },
  })
  return items.map(({ artwork: { artist, ...work }, ...item }) => ({ ...item, ...work, artist_name: artist.name }))
}

export async function countCart(visitorId: number): Promise<number> {
  const { copies } = await db
    .getKysely()
    .selectFrom('cart_items')
    .where('visitor_id', '=', visitorId)
    .select(({ fn, val }) => fn.coalesce(fn.sum<number>('quantity'), val(0)).as('copies'))
    .executeTakeFirstOrThrow()
  return copies
}

export function totalOf(lines: readonly Pick<CartLine, 'price_cents' | 'quantity'>[]): number {
  return lines.reduce((sum, { price_cents, quantity }) => sum + price_cents * quantity, 0)
}

/** Puts one more copy of a work into the cart. */
export async function addToCart(visitorId: number, artworkId: number): Promise<void> {
  const key = { visitor_id: visitorId, artwork_id: artworkId }
  await db.transaction(async (tx) => {
    const items = tx.getRepository('cart_items')
    const { row, created } = await items.findOrCreate({ ...key, quantity: 1 })
    if (!created && row.quantity < MOST_COPIES) await items.increment(key, 'quantity')
  })
}

/** Sets how many copies; none takes the work out. */
export async function setQuantity(visitorId: number, artworkId: number, quantity: number): Promise<void> {
  const key = { visitor_id: visitorId, artwork_id: artworkId }
  const items = db.getRepository('cart_items')
  if (quantity < 1) {
    await items.delete(key)
    return
  }
  await items.updateMany(key, { quantity: Math.min(MOST_COPIES, quantity) })
}

/** Lowers every wish to what is left, and takes out what is gone. */
export async function fitCart(visitorId: number): Promise<void> {
  for (const { artwork_id, quantity, stock } of await readCart(visitorId)) {
    if (stock < quantity) await setQuantity(visitorId, artwork_id, stock)
  }
}

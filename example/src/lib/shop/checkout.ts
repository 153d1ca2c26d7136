/**
 * Checkout: a cart becomes an order, or stays a cart. All of it happens in one transaction, which is serialisable, so
 * the stock that was read is the stock that is taken: no copy is sold twice and no order is lost.
 */
import { randomBytes } from 'node:crypto'
import { db } from '../db/noormme.ts'

export interface Shortage {
  readonly artwork_id: number
  readonly title: string
  readonly wanted: number
  readonly left: number
}

export type CheckoutResult =
  | { readonly outcome: 'ordered'; readonly reference: string }
  | { readonly outcome: 'sold-out'; readonly shortages: readonly Shortage[] }
  | { readonly outcome: 'empty' }

export interface CheckoutRequest {
  readonly visitorId: number
  /** From the form: sent twice, it finds the order it made the first time. */
  readonly token: string
  readonly name: string
}

/** Buys what is in the visitor's cart, all of it or nothing. */
export async function checkout({ visitorId, token, name }: CheckoutRequest): Promise<CheckoutResult> {
  return db.transaction(async (tx): Promise<CheckoutResult> => {
    const orders = tx.getRepository('orders')
    const made = await orders.findOne({ where: { visitor_id: visitorId, checkout_token: token } })
    if (made !== null) return { outcome: 'ordered', reference: made.reference }

    const lines = await tx
      .getKysely()
      .selectFrom('cart_items as c')
      .innerJoin('artworks as w', 'w.id', 'c.artwork_id')
      .where('c.visitor_id', '=', visitorId)
      .select(['w.id', 'w.title', 'w.price_cents', 'w.edition', 'w.stock', 'c.quantity'])
      .execute()
    if (lines.length === 0) return { outcome: 'empty' }

    const short = lines.filter(({ stock, quantity }) => stock < quantity)
    if (short.length > 0) {
      const shortages = short.map(({ id, title, quantity, stock }) => ({
        artwork_id: id,
        title,
        wanted: quantity,
        left: stock,
      }))
      return { outcome: 'sold-out', shortages }
    }

    const copies = lines.flatMap(({ id, stock, edition, quantity, price_cents }) =>
      Array.from({ length: quantity }, (_, index) => ({
        artwork_id: id,
        copy: edition - stock + 1 + index,
        price_cents,
      })),
    )
    const order = await orders.create<{ order_copies: typeof copies }>({
      reference: makeReference(),
      visitor_id: visitorId,
      checkout_token: token,
      name,
      total_cents: copies.reduce((sum, { price_cents }) => sum + price_cents, 0),
      order_copies: copies,
    })
    for (const { id, quantity } of lines) await tx.getRepository('artworks').increment(id, 'stock', -quantity)
    await tx.getRepository('cart_items').deleteMany({ visitor_id: visitorId })
    return { outcome: 'ordered', reference: order.reference }
  })
}

/** Thirty-two letters and digits that are hard to confuse. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** Such as `BEE-7K3Q-9XWD`: eight of 32 characters, and UNIQUE in the table should two ever be alike. */
function makeReference(): string {
  const code = [...randomBytes(8)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('')
  return `BEE-${code.slice(0, 4)}-${code.slice(4)}`
}

/** Orders that were made, each for the eyes of its own visitor only. */
import type { Artist, Artwork, Order, OrderCopy } from '../db/database.types.ts'
import { db } from '../db/noormme.ts'

export interface OrderedCopy extends OrderCopy {
  readonly artwork: Pick<Artwork, 'title' | 'style' | 'edition'> & { readonly artist: Pick<Artist, 'name'> }
}

export interface OrderWithCopies extends Order {
  readonly order_copies: readonly OrderedCopy[]
}

export async function findOrder(visitorId: number, reference: string): Promise<OrderWithCopies | null> {
  return db.getRepository('orders').findOne({
    where: { visitor_id: visitorId, reference },
    with: {
      order_copies: {
        orderBy: 'id',
        with: { artwork: { select: ['title', 'style', 'edition'], with: { artist: { select: ['name'] } } } },
      },
    },
  })
}

export async function listOrders(visitorId: number): Promise<readonly Order[]> {
  return db.getRepository('orders').findAll({ where: { visitor_id: visitorId }, orderBy: { id: 'desc' }, limit: 100 })
}

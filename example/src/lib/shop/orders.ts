/** Orders that were made, each for the eyes of its own visitor only. */
import type { Style } from '../art/styles.ts'
import type { Order } from '../db/database.types.ts'
import { db } from '../db/noormme.ts'

export interface OrderedCopy {
  readonly artwork_id: number
  readonly title: string
  readonly style: Style
  readonly artist_name: string
  readonly copy: number
  readonly edition: number
  readonly price_cents: number
}

export async function findOrder(visitorId: number, reference: string): Promise<Order | null> {
  return db.getRepository('orders').findOne({ where: { visitor_id: visitorId, reference } })
}

export async function listOrders(visitorId: number): Promise<readonly Order[]> {
  return db.getRepository('orders').findAll({ where: { visitor_id: visitorId }, orderBy: { id: 'desc' }, limit: 100 })
}

export async function copiesOf(orderId: number): Promise<readonly OrderedCopy[]> {
  return db
    .getKysely()
    .selectFrom('order_copies as o')
    .innerJoin('artworks as w', 'w.id', 'o.artwork_id')
    .innerJoin('artists as a', 'a.id', 'w.artist_id')
    .where('o.order_id', '=', orderId)
    .orderBy('o.id')
    .select(['o.artwork_id', 'w.title', 'w.style', 'a.name as artist_name', 'o.copy', 'w.edition', 'o.price_cents'])
    .execute()
}

/** The confirmation of an order, and the list of a visitor's orders. */
import type { Order } from '../../lib/db/database.types.ts'
import type { OrderWithCopies } from '../../lib/shop/orders.ts'
import { day, money, plural } from '../format.ts'
import { Picture } from '../parts/work-card.tsx'

export function OrderPage({ order }: { readonly order: OrderWithCopies }) {
  const copies = order.order_copies
  return (
    <section class="wrap page narrow" aria-labelledby="order-title">
      <header class="page-head">
        <p class="eyebrow">Order {order.reference}</p>
        <h1 id="order-title">Thank you, {order.name}</h1>
        <p class="lead">
          {copies.length === 1 ? 'This print is' : `These ${copies.length} prints are`} yours, numbered and set aside on{' '}
          {day(order.created_at)}.
        </p>
      </header>
      <ul class="certificates">
        {copies.map(({ artwork_id, artwork: { title, style, edition, artist }, copy, price_cents }) => (
          <li class="certificate">
            <a class="frame" href={`/works/${artwork_id}`}>
              <Picture id={artwork_id} title={title} style={style} artist={artist.name} eager />
            </a>
            <div>
              <h2 class="line-title">
                <a class="plain-link" href={`/works/${artwork_id}`}>
                  {title}
                </a>
              </h2>
              <p class="by">{artist.name}</p>
              <p class="copy">
                Copy <strong>{copy}</strong> of {edition}
              </p>
            </div>
            <p class="cart-price">{money(price_cents)}</p>
          </li>
        ))}
      </ul>
      <p class="order-total">
        <span>Total</span> <strong>{money(order.total_cents)}</strong>
      </p>
      <p class="hero-links">
        <a class="button" href="/#works">
          Back to the works
        </a>
        <a class="text-link" href="/orders">
          All your orders
        </a>
      </p>
    </section>
  )
}

export function OrdersPage({ orders }: { readonly orders: readonly Order[] }) {
  return (
    <section class="wrap page narrow" aria-labelledby="orders-title">
      <header class="page-head">
        <p class="eyebrow">{plural(orders.length, 'order')}</p>
        <h1 id="orders-title">Your orders</h1>
      </header>
      {orders.length === 0 && (
        <p class="lead">
          No orders yet. <a href="/#works">Find something you love.</a>
        </p>
      )}
      <ul class="orders">
        {orders.map(({ reference, total_cents, created_at }) => (
          <li>
            <a class="order-link" href={`/orders/${reference}`}>
              <span class="mono">{reference}</span>
              <span class="quiet">{day(created_at)}</span>
              <strong>{money(total_cents)}</strong>
            </a>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** The cart, and with it the checkout. */
import { type CartLine, MOST_COPIES, totalOf } from '../../lib/shop/cart.ts'
import type { Shortage } from '../../lib/shop/checkout.ts'
import { money, plural } from '../format.ts'
import { Edition, Picture } from '../parts/work-card.tsx'

interface CartPageProps {
  readonly lines: readonly CartLine[]
  /** A new one for each showing of the form; the same form sent twice makes one order. */
  readonly token: string
  readonly name?: string
  /** What could not be bought just now; the cart is unchanged. */
  readonly shortages?: readonly Shortage[]
  readonly problem?: string
  /** The browser did not bring back the cookie it was just given. */
  readonly lacksCookies?: boolean
}

export function CartPage({ lines, token, name = '', shortages = [], problem, lacksCookies = false }: CartPageProps) {
  if (lines.length === 0) return <EmptyCart lacksCookies={lacksCookies} />
  const copies = lines.reduce((sum, { quantity }) => sum + quantity, 0)
  return (
    <section class="wrap page" aria-labelledby="cart-title">
      <header class="page-head">
        <h1 id="cart-title">Your cart</h1>
      </header>
      {shortages.length > 0 && <Refusal shortages={shortages} />}
      <div class="cart">
        <ul class="cart-lines">
          {lines.map((line) => (
            <CartRow line={line} />
          ))}
        </ul>
        <form class="panel stack checkout" method="post" action="/checkout" data-once>
          <h2>Checkout</h2>
          <dl class="sums">
            <div>
              <dt>{plural(copies, 'print')}</dt>
              <dd>{money(totalOf(lines))}</dd>
            </div>
            <div>
              <dt>Delivery</dt>
              <dd>Free</dd>
            </div>
            <div class="sum">
              <dt>Total</dt>
              <dd>{money(totalOf(lines))}</dd>
            </div>
          </dl>
          <input type="hidden" name="token" value={token} />
          {problem !== undefined && (
            <p class="problem" role="alert">
              {problem}
            </p>
          )}
          <label class="field">
            <span>Name on the certificate</span>
            <input name="name" required maxlength={80} autocomplete="name" value={name} />
          </label>
          <button class="button" type="submit">
            Place the order
          </button>
          <p class="quiet small">A demonstration: nothing is charged. Editions are limited for real, though.</p>
        </form>
      </div>
    </section>
  )
}

function CartRow({ line }: { readonly line: CartLine }) {
  const { artwork_id, title, style, artist_name, quantity, price_cents, stock, edition } = line
  const most = Math.max(quantity, Math.min(MOST_COPIES, stock))
  return (
    <li class="cart-line">
      <a class="cart-picture frame" href={`/works/${artwork_id}`}>
        <Picture id={artwork_id} title={title} style={style} artist={artist_name} eager />
      </a>
      <div class="cart-text">
        <h2 class="line-title">
          <a class="plain-link" href={`/works/${artwork_id}`}>
            {title}
          </a>
        </h2>
        <p class="by">{artist_name}</p>
        <p class="card-facts">
          <span>{money(price_cents)} each</span> <Edition stock={stock} edition={edition} />
        </p>
        <form class="cart-form" method="post" action={`/cart/${artwork_id}`} data-filters>
          <label class="choice">
            <span class="sr">Prints of {title}</span>
            <select name="quantity">
              {Array.from({ length: most }, (_, index) => (
                <option value={index + 1} selected={index + 1 === quantity}>
                  {plural(index + 1, 'print')}
                </option>
              ))}
            </select>
          </label>
          <button class="button button-small button-quiet" type="submit">
            Update
          </button>
          <button class="text-link" type="submit" name="remove" value="yes">
            Remove
          </button>
        </form>
      </div>
      <p class="cart-price">{money(price_cents * quantity)}</p>
    </li>
  )
}

function Refusal({ shortages }: { readonly shortages: readonly Shortage[] }) {
  return (
    <div class="refusal" role="alert">
      <h2>Sold out before you: nothing was ordered</h2>
      <ul>
        {shortages.map(({ artwork_id, title, wanted, left }) => (
          <li data-left={left}>
            <a href={`/works/${artwork_id}`}>{title}</a>: you asked for {wanted},{' '}
            {left === 0 ? 'none are left' : `${left} left`}.
          </li>
        ))}
      </ul>
      <form method="post" action="/cart/fit">
        <button class="button button-small" type="submit">
          Keep what is still there
        </button>
      </form>
    </div>
  )
}

function EmptyCart({ lacksCookies }: Required<Pick<CartPageProps, 'lacksCookies'>>) {
  return (
    <section class="wrap page empty">
      <h1 class="empty-title">Your cart is empty</h1>
      {lacksCookies && (
        <p class="problem" role="alert">
          This shop needs cookies to remember a cart. Please allow them for this site, then add the print again.
        </p>
      )}
      <p>
        <a class="button" href="/#works">
          Browse the works
        </a>
      </p>
    </section>
  )
}

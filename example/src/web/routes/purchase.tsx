/** Buying: the cart, the checkout and orders. */
import { randomUUID } from 'node:crypto'
import { Hono } from 'hono'
import { addToCart, countCart, fitCart, readCart, setQuantity } from '../../lib/shop/cart.ts'
import { checkout } from '../../lib/shop/checkout.ts'
import { findOrder, listOrders } from '../../lib/shop/orders.ts'
import { findWork } from '../../lib/shop/works.ts'
import { knownVisitor, type Shop } from '../context.ts'
import { flashOf, setFlash } from '../flash.ts'
import { positive, readForm } from '../forms.ts'
import { CartPage } from '../pages/cart-page.tsx'
import { OrderPage, OrdersPage } from '../pages/order-page.tsx'
import { render } from '../render.tsx'

const NAME_LIMIT = 80
const TOKEN = /^[\w-]{8,64}$/
/** In the address of the cart after a visitor's first print: whoever comes without the cookie just set keeps none. */
const WELCOME = 'welcome'

export const purchase = new Hono<Shop>()

purchase.get('/cart', async (c) => {
  const visitorId = c.get('visitorId')
  const lines = visitorId === null ? [] : await readCart(visitorId)
  const lacksCookies = visitorId === null && c.req.query(WELCOME) !== undefined
  return render(c, { title: 'Cart' }, <CartPage lines={lines} token={randomUUID()} lacksCookies={lacksCookies} />)
})

purchase.post('/cart', async (c) => {
  const work = await findWork(positive((await readForm(c)).artwork, 0))
  if (work === null) return c.notFound()
  if (work.stock === 0) {
    setFlash(c, 'none-left')
    return c.redirect(`/works/${work.id}`, 303)
  }
  const isNew = c.get('visitorId') === null
  await addToCart(await knownVisitor(c), work.id)
  setFlash(c, 'added')
  return c.redirect(isNew ? `/cart?${WELCOME}` : '/cart', 303)
})

purchase.post('/cart/fit', async (c) => {
  await fitCart(await knownVisitor(c))
  setFlash(c, 'cart-changed')
  return c.redirect('/cart', 303)
})

purchase.post('/cart/:id', async (c) => {
  const { quantity, remove } = await readForm(c)
  const copies = remove === 'yes' || quantity === '0' ? 0 : positive(quantity, null)
  if (copies === null) {
    const visitorId = c.get('visitorId')
    const lines = visitorId === null ? [] : await readCart(visitorId)
    c.set('flash', flashOf('quantity-unclear'))
    return render(c, { title: 'Cart', status: 422 }, <CartPage lines={lines} token={randomUUID()} />)
  }
  await setQuantity(await knownVisitor(c), positive(c.req.param('id'), 0), copies)
  setFlash(c, 'cart-changed')
  return c.redirect('/cart', 303)
})

purchase.post('/checkout', async (c) => {
  const { token = '', name = '' } = await readForm(c)
  const visitorId = await knownVisitor(c)
  const problem = problemWith(token, name)
  if (problem !== null) {
    const page = <CartPage lines={await readCart(visitorId)} token={randomUUID()} name={name} problem={problem} />
    return render(c, { title: 'Cart', status: 422 }, page)
  }

  const result = await checkout({ visitorId, token, name })
  switch (result.outcome) {
    case 'ordered':
      return c.redirect(`/orders/${result.reference}`, 303)
    case 'empty':
      setFlash(c, 'cart-empty')
      return c.redirect('/cart', 303)
    case 'sold-out': {
      c.set('cartCount', await countCart(visitorId))
      const lines = await readCart(visitorId)
      const page = <CartPage lines={lines} token={randomUUID()} name={name} shortages={result.shortages} />
      return render(c, { title: 'Sold out', status: 409 }, page)
    }
  }
})

purchase.get('/orders', async (c) => {
  const visitorId = c.get('visitorId')
  const orders = visitorId === null ? [] : await listOrders(visitorId)
  return render(c, { title: 'Orders' }, <OrdersPage orders={orders} />)
})

purchase.get('/orders/:reference', async (c) => {
  const visitorId = c.get('visitorId')
  const order = visitorId === null ? null : await findOrder(visitorId, c.req.param('reference'))
  if (order === null) return c.notFound()
  return render(c, { title: `Order ${order.reference}` }, <OrderPage order={order} />)
})

function problemWith(token: string, name: string): string | null {
  if (!TOKEN.test(token)) return 'This form is out of date. Please send it once more.'
  if (name === '') return 'Please add a name for the certificate.'
  if ([...name].length > NAME_LIMIT) return `Please keep the name under ${NAME_LIMIT} characters.`
  return null
}

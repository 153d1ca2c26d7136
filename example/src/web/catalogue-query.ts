/** The catalogue's state as an address: read from it and written to it, defaults left out. */
import { STYLES } from '../lib/art/styles.ts'
import {
  AVAILABILITY,
  type CatalogueQuery,
  PRICE_BANDS,
  type PriceBand,
  SORTS,
  usualSort,
} from '../lib/shop/catalogue.ts'
import type { ShopContext } from './context.ts'
import { clean, oneOf, positive } from './forms.ts'

const TEXT_LIMIT = 100
const BANDS = Object.keys(PRICE_BANDS) as PriceBand[]

export function readCatalogueQuery(c: ShopContext): CatalogueQuery {
  const text = [...clean(c.req.query('q') ?? '')].slice(0, TEXT_LIMIT).join('')
  return {
    text,
    style: oneOf(c.req.query('style'), STYLES, null),
    availability: oneOf(c.req.query('show'), AVAILABILITY, 'all'),
    price: oneOf(c.req.query('price'), BANDS, null),
    sort: oneOf(c.req.query('sort'), SORTS, usualSort(text)),
    page: positive(c.req.query('page'), 1),
  }
}

export function isUnfiltered({ text, style, availability, price, sort, page }: CatalogueQuery): boolean {
  return text === '' && style === null && availability === 'all' && price === null && sort === 'newest' && page === 1
}

export function catalogueHref({ text, style, availability, price, sort, page }: CatalogueQuery): string {
  const query = new URLSearchParams()
  if (text !== '') query.set('q', text)
  if (style !== null) query.set('style', style)
  if (availability !== 'all') query.set('show', availability)
  if (price !== null) query.set('price', price)
  if (sort !== usualSort(text)) query.set('sort', sort)
  if (page > 1) query.set('page', String(page))
  return query.size === 0 ? '/#works' : `/?${query}#works`
}

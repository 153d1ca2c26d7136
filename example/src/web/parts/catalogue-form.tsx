/** Search and filters. A plain form; with script the filters apply at once. */
import { type CatalogueQuery, usualSort } from '../../lib/shop/catalogue.ts'
import { SearchIcon } from './icons.tsx'

const SHOW = { all: 'All works', available: 'Available', 'sold-out': 'Sold out' }
const PRICE = {
  '': 'Any price',
  'under-50': 'Under €50',
  '50-100': '€50 to €100',
  '100-200': '€100 to €200',
  'over-200': '€200 and more',
}
const NEWEST = 'Newest first'
const SORT = {
  loved: 'Most loved',
  'price-up': 'Price, low to high',
  'price-down': 'Price, high to low',
}

export function CatalogueForm({ query }: { readonly query: CatalogueQuery }) {
  return (
    <search>
      <form class="filters" method="get" action="/#works" data-filters>
        {query.style !== null && <input type="hidden" name="style" value={query.style} />}
        <div class="search">
          <SearchIcon />
          <label class="sr" for="q">
            Search titles, artists and tags
          </label>
          <input
            id="q"
            type="search"
            name="q"
            value={query.text}
            maxlength={100}
            placeholder="Search titles, artists, tags"
          />
        </div>
        <Choice name="show" label="Availability" options={SHOW} value={query.availability} />
        <Choice name="price" label="Price" options={PRICE} value={query.price ?? ''} />
        <Choice
          name="sort"
          label="Order"
          options={query.text === '' ? { '': NEWEST, ...SORT } : { '': 'Best match', newest: NEWEST, ...SORT }}
          value={query.sort === usualSort(query.text) ? '' : query.sort}
        />
        <button class="button button-quiet" type="submit">
          Apply
        </button>
      </form>
    </search>
  )
}

interface ChoiceProps {
  readonly name: string
  readonly label: string
  readonly options: Readonly<Record<string, string>>
  readonly value: string
}

function Choice({ name, label, options, value }: ChoiceProps) {
  return (
    <label class="choice">
      <span class="sr">{label}</span>
      <select name={name}>
        {Object.entries(options).map(([key, text]) => (
          <option value={key} selected={key === value}>
            {text}
          </option>
        ))}
      </select>
    </label>
  )
}

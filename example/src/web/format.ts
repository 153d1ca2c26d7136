/** Money and dates as the gallery writes them. */

const EUROS = new Intl.NumberFormat('en-IE', { style: 'currency', currency: 'EUR', minimumFractionDigits: 0 })
const NUMBERS = new Intl.NumberFormat('en')
const DAYS = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' })

export const money = (cents: number): string => EUROS.format(cents / 100)
export const count = (value: number): string => NUMBERS.format(value)
export const day = (iso: string): string => DAYS.format(new Date(iso))

/** `1 work`, `2 works`. */
export const plural = (value: number, one: string, many = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`

/** What is left of an edition, in a few words. */
export function editionLeft(stock: number, edition: number): string {
  if (stock === 0) return 'Sold out'
  return stock === edition ? `Edition of ${edition}` : `${stock} of ${edition} left`
}

/** `812 bytes`, `4.2 MiB`. */
export function bytes(value: number): string {
  if (value < 1024) return plural(value, 'byte')
  return value < 1024 ** 2 ? `${(value / 1024).toFixed(1)} KiB` : `${(value / 1024 ** 2).toFixed(1)} MiB`
}

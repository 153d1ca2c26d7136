/** Numbers as people read them: three digits that matter, and always with their unit. */

export interface Quantity {
  readonly value: string
  readonly unit: string
}

/** What kind of number it is decides how it is written. */
export type Unit = 'count' | 'rate' | 'ms' | 'bytes' | 'share'

/** Shown where there is no number. */
const NONE = '–'

export function quantity(value: number | null | undefined, unit: Unit): Quantity {
  if (value === null || value === undefined || !Number.isFinite(value)) return { value: NONE, unit: '' }
  switch (unit) {
    case 'count':
      return { value: count(value), unit: '' }
    case 'rate':
      return { value: value > 0 && value < 10 ? digits(value) : count(value), unit: '/s' }
    case 'ms':
      return duration(value)
    case 'bytes':
      return bytes(value)
    case 'share':
      return { value: share(value), unit: '%' }
    default:
      return unit satisfies never
  }
}

/** Value and unit as one text, with a space that does not break. */
export function text(value: number | null | undefined, unit: Unit): string {
  const { value: number, unit: name } = quantity(value, unit)
  return name === '' || name === '/s' ? number + name : `${number}\u00a0${name}`
}

/** `7`, `1,234`, `12.3k`, `4.56M`. */
export function count(value: number): string {
  const size = Math.abs(value)
  if (size >= 999_500) return `${digits(value / 1e6)}M`
  if (size >= 10_000) return `${digits(value / 1e3)}k`
  return Math.round(value).toLocaleString('en-US')
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

function duration(ms: number): Quantity {
  if (ms > 0 && ms < 0.9995) return { value: digits(ms * 1000), unit: 'µs' }
  if (ms < 999.5) return { value: digits(ms), unit: 'ms' }
  if (ms < 2 * MINUTE) return { value: digits(ms / 1000), unit: 's' }
  if (ms < 2 * HOUR) return { value: digits(ms / MINUTE), unit: 'min' }
  return ms < 2 * DAY ? { value: digits(ms / HOUR), unit: 'h' } : { value: digits(ms / DAY), unit: 'd' }
}

const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const

function bytes(value: number): Quantity {
  let size = value
  let index = 0
  while (Math.abs(size) >= 999.5 && index < BYTE_UNITS.length - 1) {
    size /= 1024
    index += 1
  }
  return { value: index === 0 ? String(Math.round(size)) : digits(size), unit: BYTE_UNITS[index] ?? '' }
}

/** Near to all, what is missing matters: 99.97 is not 100. */
function share(value: number): string {
  const percent = value * 100
  if (percent > 0 && percent < 0.05) return '<0.1'
  if (percent > 99 && percent < 100) return (Math.floor(percent * 100) / 100).toFixed(2)
  return percent === 0 || percent === 100 ? String(percent) : percent.toFixed(1)
}

/** Three digits that matter: `0.06`, `4.21`, `42.1`, `421`. */
function digits(value: number): string {
  const size = Math.abs(value)
  if (size === 0) return '0'
  if (size < 9.995) return value.toFixed(2)
  return size < 99.95 ? value.toFixed(1) : value.toFixed(0)
}

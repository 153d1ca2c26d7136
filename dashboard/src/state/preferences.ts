/** What the reader chose, remembered by the browser. */
import { RANGES, type RangeId } from './range.ts'
import { Store } from './store.ts'

export type Theme = 'system' | 'light' | 'dark'
export const THEMES: readonly Theme[] = ['system', 'light', 'dark']

export const theme = remembered<Theme>('theme', 'system', THEMES)
export const rangeId = remembered<RangeId>(
  'range',
  '5m',
  RANGES.map(({ id }) => id),
)

/** Puts the theme on the page, now and whenever it changes. */
export function applyTheme(): void {
  const apply = () => {
    if (theme.value === 'system') delete document.documentElement.dataset.theme
    else document.documentElement.dataset.theme = theme.value
  }
  theme.subscribe(apply)
  apply()
}

function remembered<T extends string>(key: string, fallback: T, allowed: readonly T[]): Store<T> {
  const name = `noormme-dashboard-${key}`
  const store = new Store<T>(allowed.find((value) => value === read(name)) ?? fallback)
  store.subscribe(() => write(name, store.value))
  return store
}

function read(name: string): string | null {
  try {
    return localStorage.getItem(name)
  } catch {
    return null // a browser may forbid it: then nothing is remembered
  }
}

function write(name: string, value: string): void {
  try {
    localStorage.setItem(name, value)
  } catch {
    // forbidden or full: it holds until the page is left
  }
}

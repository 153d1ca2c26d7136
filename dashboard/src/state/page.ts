/** What is on the screen, and what the reader does to it. */
import { Feed } from './feed.ts'
import { rangeId, THEMES, theme } from './preferences.ts'
import { RANGES } from './range.ts'
import { Store } from './store.ts'
import type { View } from './view.ts'

export const feed = new Feed()

/** The view as it was when the reader paused; `null` while the page is live. */
export const frozen = new Store<View | null>(null)

/** The time under the crosshair of all charts (ms since 1970). */
export const crosshair = new Store<number | null>(null)

export const isHelpOpen = new Store(false)

export function togglePause(): void {
  frozen.set(frozen.value === null ? feed.view.value : null)
}

export function nextTheme(): void {
  theme.set(THEMES[(THEMES.indexOf(theme.value) + 1) % THEMES.length] ?? 'system')
}

export function chooseRange(index: number): void {
  const range = RANGES[index]
  if (range !== undefined) rangeId.set(range.id)
}

/** The statement that is looked at is part of the address, so that it can be linked to and gone back from. */
const STATEMENT = '#statement/'
export const statementLink = (id: string): string => `${STATEMENT}${encodeURIComponent(id)}`

export const openStatement = new Store<string | null>(null)

export function followAddress(): void {
  const follow = () => {
    const { hash } = location
    openStatement.set(hash.startsWith(STATEMENT) ? decodeURIComponent(hash.slice(STATEMENT.length)) : null)
  }
  addEventListener('hashchange', follow)
  follow()
}

export function closeStatement(): void {
  history.replaceState(null, '', location.pathname + location.search)
  openStatement.set(null)
}

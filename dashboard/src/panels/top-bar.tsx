import { chooseRange, frozen, isHelpOpen, nextTheme, togglePause } from '../state/page.ts'
import { rangeId, theme } from '../state/preferences.ts'
import { RANGES } from '../state/range.ts'
import { useStore } from '../state/store.ts'
import type { View } from '../state/view.ts'
import { HealthBadge } from './health-badge.tsx'
import { LinkState } from './link-state.tsx'

/** Stays in sight: which database, how it is, whether the numbers are live, and what the reader can change. */
export function TopBar({ view }: { readonly view: View | null }) {
  return (
    <header class="top-bar">
      <div class="top-row">
        <img src={new URL('../icon.svg', import.meta.url).href} width="24" height="24" alt="" />
        <h1>{view?.overview.database.name ?? 'Database'}</h1>
        {view !== null && <HealthBadge view={view} />}
        <LinkState />
        <div class="top-tools">
          <RangeChoice />
          <PauseButton isReady={view !== null} />
          <ThemeButton />
          <button
            type="button"
            class="button button-icon"
            aria-label="Keyboard shortcuts and help"
            title="Help (?)"
            onClick={() => isHelpOpen.set(true)}
          >
            ?
          </button>
        </div>
      </div>
    </header>
  )
}

function RangeChoice() {
  const chosen = useStore(rangeId)
  return (
    <fieldset class="segments">
      <legend class="hidden-visually">Time range of the charts</legend>
      {RANGES.map(({ id, label }, index) => (
        <label key={id} class={id === chosen ? 'segment is-chosen' : 'segment'} title={`Key ${index + 1}`}>
          <input type="radio" name="range" value={id} checked={id === chosen} onChange={() => chooseRange(index)} />
          {label}
        </label>
      ))}
    </fieldset>
  )
}

function PauseButton({ isReady }: { readonly isReady: boolean }) {
  const isPaused = useStore(frozen) !== null
  return (
    <button
      type="button"
      class={`button button-pause${isPaused ? ' is-on' : ''}`}
      aria-pressed={isPaused}
      title="Key p"
      disabled={!isReady}
      onClick={togglePause}
    >
      <svg viewBox="0 0 12 12" width="10" height="10" aria-hidden="true">
        <path
          d={isPaused ? 'M2 0.500 11 6 2 11.500Z' : 'M1.500 0.500H4.500V11.500H1.500ZM7.500 0.500H10.500V11.500H7.500Z'}
        />
      </svg>
      <span>Pause</span>
    </button>
  )
}

const THEME_NAMES = { system: 'as the system', light: 'light', dark: 'dark' } as const
const THEME_SIGNS = {
  system: 'M8 1.500A6.500 6.500 0 1 0 8 14.500A6.500 6.500 0 1 0 8 1.500ZM8 3V13A5 5 0 0 1 8 3Z',
  light:
    'M8 4.800A3.200 3.200 0 1 0 8 11.200A3.200 3.200 0 1 0 8 4.800ZM7.300 0.500H8.700V3H7.300ZM7.300 13H8.700V15.500H7.300ZM0.500 7.300H3V8.700H0.500ZM13 7.300H15.500V8.700H13Z',
  dark: 'M6.500 1.500A6.500 6.500 0 1 0 14.500 9.500 5.500 5.500 0 0 1 6.500 1.500Z',
} as const

function ThemeButton() {
  const chosen = useStore(theme)
  return (
    <button
      type="button"
      class="button button-icon"
      aria-label={`Theme: ${THEME_NAMES[chosen]}`}
      title={`Theme: ${THEME_NAMES[chosen]} (t)`}
      onClick={nextTheme}
    >
      <svg viewBox="0 0 16 16" width="15" height="15" aria-hidden="true">
        <path d={THEME_SIGNS[chosen]} fill-rule="evenodd" />
      </svg>
    </button>
  )
}

/** Keys that work anywhere on the page. The help dialog lists them from here. */
import { chooseRange, isHelpOpen, nextTheme, togglePause } from './page.ts'
import { RANGES } from './range.ts'

export interface Shortcut {
  readonly keys: readonly string[]
  readonly does: string
}

export const SHORTCUTS: readonly Shortcut[] = [
  {
    keys: RANGES.map((_, index) => String(index + 1)),
    does: `show the last ${RANGES.map(({ label }) => label).join(', ')}`,
  },
  { keys: ['p'], does: 'pause, and go on' },
  { keys: ['j', 'k'], does: 'next and previous panel' },
  { keys: ['←', '→'], does: 'move the crosshair, on a chart; with Shift ten points at once' },
  { keys: ['t'], does: 'theme: as the system has it, light, dark' },
  { keys: ['?'], does: 'this help' },
  { keys: ['Esc'], does: 'close what is open' },
]

export function listenForKeys(): void {
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event.target)) return
    if (document.querySelector('dialog[open]') !== null) return
    if (act(event.key)) event.preventDefault()
  })
}

function act(key: string): boolean {
  if (key >= '1' && key <= String(RANGES.length) && key.length === 1) chooseRange(Number(key) - 1)
  else if (key === 'p') togglePause()
  else if (key === 't') nextTheme()
  else if (key === '?') isHelpOpen.set(true)
  else if (key === 'j') step(1)
  else if (key === 'k') step(-1)
  else return false
  return true
}

/** Letters are typed into a list to choose from it. The page has no other field that takes them. */
const isTyping = (target: EventTarget | null): boolean => target instanceof HTMLSelectElement

/** Moves the focus among panels, from the one that has it. */
function step(by: 1 | -1): void {
  const panels = [...document.querySelectorAll<HTMLElement>('[data-panel]')]
  const current = panels.findIndex((panel) => panel.contains(document.activeElement))
  const next = current === -1 ? (by === 1 ? 0 : panels.length - 1) : current + by
  panels[Math.min(Math.max(next, 0), panels.length - 1)]?.focus()
}

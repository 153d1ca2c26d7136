/** Colours of the style sheet as a canvas understands them. */
import { useEffect, useState } from 'preact/hooks'
import { theme } from '../state/preferences.ts'
import { useStore } from '../state/store.ts'

/** `name` is a custom property without its dashes; `opacity` from 0 to 100. */
export function colorOf(name: string, opacity = 100): string {
  const probe = document.createElement('span')
  probe.style.color = `color-mix(in srgb, var(--${name}) ${opacity}%, transparent)`
  document.body.append(probe)
  const color = getComputedStyle(probe).color
  probe.remove()
  return color
}

/** `light` or `dark`: what the reader chose, or else what the system has. */
export function useColorScheme(): 'light' | 'dark' {
  const chosen = useStore(theme)
  const [isDark, setDark] = useState(() => matchMedia('(prefers-color-scheme: dark)').matches)
  useEffect(() => {
    const query = matchMedia('(prefers-color-scheme: dark)')
    const look = () => setDark(query.matches)
    query.addEventListener('change', look)
    return () => query.removeEventListener('change', look)
  }, [])
  return chosen === 'system' ? (isDark ? 'dark' : 'light') : chosen
}

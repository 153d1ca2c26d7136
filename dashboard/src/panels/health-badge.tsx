import { useEffect } from 'preact/hooks'
import { Sign, type Tone } from '../parts/status.tsx'
import type { View } from '../state/view.ts'

const TONES: Readonly<Record<string, Tone>> = { healthy: 'good', degraded: 'watch', unhealthy: 'act', closed: 'quiet' }
const WORDS: Readonly<Record<string, string>> = {
  healthy: 'Healthy',
  degraded: 'Degraded',
  unhealthy: 'Unhealthy',
  closed: 'Closed',
}

/** In one word, here and in the title of the window. */
export function HealthBadge({ view }: { readonly view: View }) {
  const { database, health } = view.overview
  const state = database.open ? health.status : 'closed'
  const word = WORDS[state] ?? state

  useEffect(() => {
    document.title = state === 'healthy' ? database.name : `${word}: ${database.name}`
  }, [state, word, database.name])

  return (
    <a class={`health-badge tone-${TONES[state]}`} href="#health">
      <Sign tone={TONES[state] ?? 'quiet'} />
      {word}
    </a>
  )
}

/** States are never told by colour alone: each has its sign and its word. */
import type { Verdict } from '../state/verdict.ts'

export type Tone = 'good' | 'watch' | 'act' | 'quiet'

const SIGNS: Readonly<Record<Tone, string>> = {
  good: 'M4.5 8.300 7 10.800 11.500 5.600',
  watch: 'M8 4.500V8.800M8 11.300V11.400',
  act: 'M5.300 5.300 10.700 10.700M10.700 5.300 5.300 10.700',
  quiet: 'M5 8H11',
}

export function Sign({ tone }: { readonly tone: Tone }) {
  return (
    <svg class={`sign tone-${tone}`} viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <circle cx="8" cy="8" r="7.500" />
      <path d={SIGNS[tone]} />
    </svg>
  )
}

export function Badge({ tone, children }: { readonly tone: Tone; readonly children: string }) {
  return <span class={`badge tone-${tone}`}>{children}</span>
}

/** “good”, “watch” or “act”, with its sign. */
export function VerdictWord({ verdict }: { readonly verdict: Verdict | null }) {
  if (verdict === null) return null
  return (
    <span class={`verdict tone-${verdict}`}>
      <Sign tone={verdict} />
      {verdict}
    </span>
  )
}

import type { HealthCheck } from '../../../src/health/types.ts'
import { text } from '../format/quantity.ts'
import { ago, exact } from '../format/time.ts'
import { Panel } from '../parts/panel.tsx'
import { Sign, type Tone } from '../parts/status.tsx'
import type { View } from '../state/view.ts'

const TONES: Readonly<Record<HealthCheck['status'], Tone>> = { pass: 'good', warn: 'watch', fail: 'act' }
const SAID: Readonly<Record<HealthCheck['status'], string>> = { pass: 'passes', warn: 'warns', fail: 'fails' }
const GRAVITY: Readonly<Record<HealthCheck['status'], number>> = { fail: 0, warn: 1, pass: 2 }

/** Every check with what it found, the gravest first. */
export function Health({ view, now }: { readonly view: View; readonly now: number }) {
  const { health } = view.overview
  const checks = [...health.checks].sort((a, b) => GRAVITY[a.status] - GRAVITY[b.status])
  const at = Date.parse(health.at)
  return (
    <Panel
      id="health"
      title="Health"
      note={<time title={exact(at)}>{`${summary(checks)}, checked ${ago(at, now)}`}</time>}
      wide="all"
    >
      <ul class="checks">
        {checks.map(({ name, status, detail, duration }) => (
          <li key={name} class={`check check-${status}`}>
            <Sign tone={TONES[status]} />
            <div>
              <strong>{name}</strong>
              <span class="hidden-visually">{` ${SAID[status]}: `}</span>
              <span class="check-detail" title={`${detail} (found out in ${text(duration, 'ms')})`}>
                {detail}
              </span>
            </div>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function summary(checks: readonly HealthCheck[]): string {
  const failed = checks.filter(({ status }) => status === 'fail').length
  const warned = checks.filter(({ status }) => status === 'warn').length
  if (failed + warned === 0) return `all ${checks.length} checks pass`
  const parts = [failed > 0 && `${failed} of ${checks.length} fail`, warned > 0 && `${warned} of ${checks.length} warn`]
  return parts.filter(Boolean).join(', ')
}

import { ChartPanel } from '../charts/chart-panel.tsx'
import { LOG } from '../charts/specs.ts'
import { text } from '../format/quantity.ts'
import { age } from '../format/time.ts'
import { SqlLine } from '../parts/sql.tsx'
import { Sign } from '../parts/status.tsx'
import type { Span } from '../state/range.ts'
import type { View } from '../state/view.ts'
import { ActionButton } from './actions.tsx'

/** Milliseconds: shorter reads come and go, and are not worth a word. */
const LONG_PIN_MS = 1000

/** The log's size over time, and beside it what holds it now. */
export function Log({ view, span }: { readonly view: View; readonly span: Span }) {
  const { log, actions } = view.overview
  return (
    <ChartPanel
      spec={LOG}
      span={span}
      view={view}
      wide="two"
      tools={<ActionButton name="checkpoint" offered={actions} />}
    >
      <div class="holders">
        <h3>What holds it now</h3>
        {log === null ? <p class="empty">There is no log to look at.</p> : <Holders log={log} />}
      </div>
    </ChartPanel>
  )
}

function Holders({ log }: { readonly log: NonNullable<View['overview']['log']> }) {
  const { pins, others, lastCheckpoint } = log
  const long = pins.filter(({ ageMs }) => ageMs >= LONG_PIN_MS)
  return (
    <>
      {long.length === 0 ? (
        <p class="line-with-sign">
          <Sign tone="good" />
          No read has been open for long.
        </p>
      ) : (
        <ul class="pins">
          {long.map(({ label, state, sql, ageMs }) => (
            <li key={label} data-pin={label}>
              <p class="line-with-sign">
                <Sign tone="watch" />
                <span>
                  <strong>{label}</strong> ({state}) for {age(ageMs)}
                </span>
              </p>
              {sql !== null && <SqlLine sql={sql} />}
            </li>
          ))}
        </ul>
      )}
      {others.length > 0 && (
        <p class="line-with-sign">
          <Sign tone="watch" />
          <span>Other programs have the file open: {others.join(', ')}</span>
        </p>
      )}
      <p class="holders-last">
        {lastCheckpoint === null
          ? 'No checkpoint has been seen so far.'
          : `Last checkpoint ${age(lastCheckpoint.ageMs)} ago: ${lastCheckpoint.mode}, ${lastCheckpoint.result} in ${text(lastCheckpoint.ms, 'ms')}${lastCheckpoint.pinnedBy.length > 0 ? `, held back by ${lastCheckpoint.pinnedBy.join(', ')}` : ''}.`}
      </p>
      <p class="legend-marks">
        <span class="mark mark-done" aria-hidden="true" /> checkpoint
        <span class="mark mark-unfinished" aria-hidden="true" /> one that could not finish
      </p>
    </>
  )
}

import type { Recommendation } from '../../../src/advice/types.ts'
import { Facts } from '../parts/facts.tsx'
import { Empty, Panel } from '../parts/panel.tsx'
import { CodeBlock, SqlBlock } from '../parts/sql.tsx'
import { Badge, type Tone } from '../parts/status.tsx'
import type { View } from '../state/view.ts'
import { ActionButton } from './actions.tsx'

const TONES: Readonly<Record<Recommendation['severity'], Tone>> = {
  high: 'act',
  medium: 'watch',
  low: 'quiet',
  info: 'quiet',
}

/** What would make it better, with the numbers that say so and what to run. */
export function Advice({ view }: { readonly view: View }) {
  const { recommendations, actions } = view.overview
  return (
    <Panel
      id="advice"
      title="Recommendations"
      note={recommendations.length === 0 ? 'none' : `${recommendations.length}, the gravest first`}
      tools={<ActionButton name="optimize" offered={actions} />}
      hint="Nothing is done from here: copy what you want, try it on a copy, and keep the way back."
    >
      {recommendations.length === 0 ? (
        <Empty>There is nothing to recommend. It is looked at anew whenever this page is loaded.</Empty>
      ) : (
        <ul class="divided">
          {recommendations.map((each, index) => (
            <li key={`${each.id}:${index}`}>
              <One recommendation={each} isOpen={index === 0} />
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}

function One({ recommendation, isOpen }: { readonly recommendation: Recommendation; readonly isOpen: boolean }) {
  const { title, why, severity, evidence, sql, config, shell, undo } = recommendation
  return (
    <details class="recommendation" open={isOpen}>
      <summary>
        <Badge tone={TONES[severity]}>{severity}</Badge>
        <strong>{title}</strong>
      </summary>
      <div class="recommendation-body">
        <p>{why}</p>
        <Facts of={Object.entries(evidence).map(([name, value]) => [name, format(value)] as const)} />
        {sql !== undefined && <Labelled label="Do it: SQL" text={sql} isSql />}
        {config !== undefined && <Labelled label="Do it: configuration" text={config} />}
        {shell !== undefined && <Labelled label="Do it: sqlite3 shell, with every program closed" text={shell} />}
        {undo !== undefined && <Labelled label="Take it back" text={undo} isSql={sql !== undefined} />}
      </div>
    </details>
  )
}

const format = (value: number | string): string =>
  typeof value === 'number' ? value.toLocaleString('en-US', { maximumFractionDigits: 2 }) : value

interface LabelledProps {
  readonly label: string
  readonly text: string
  readonly isSql?: boolean
}

function Labelled({ label, text, isSql = false }: LabelledProps) {
  return (
    <div class="labelled">
      <h3>{label}</h3>
      {isSql ? <SqlBlock sql={text} label={label} /> : <CodeBlock text={text} label={label} />}
    </div>
  )
}

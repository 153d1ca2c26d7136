/** What the library recommends, why, and how to do it and undo it. It only recommends. */
import type { Optimizations } from '../reports.ts'

export function Advice({ advice }: { readonly advice: Optimizations }) {
  return (
    <section aria-labelledby="advice-title">
      <h2 id="advice-title">Recommendations</h2>
      {advice.recommendations.length === 0 && <p class="quiet">None: everything is as it should be.</p>}
      <ul class="advice">
        {advice.recommendations.map(({ severity, title, why, evidence, sql, config, shell, undo }) => (
          <li class="panel stack">
            <p class="advice-head">
              <span class={`badge badge-${severity}`}>{severity}</span> <strong>{title}</strong>
            </p>
            <p>{why}</p>
            <p class="quiet small">
              {Object.entries(evidence)
                .map(([name, value]) => `${name}: ${value}`)
                .join(' · ')}
            </p>
            <Code label="SQL" text={sql} />
            <Code label="Configuration" text={config} />
            <Code label="Shell" text={shell} />
            <Code label="To undo" text={undo} />
          </li>
        ))}
      </ul>
      <details class="table-card">
        <summary>
          <strong>Settings in force</strong>
          <span class="quiet">{advice.appliedOptimizations.length}</span>
        </summary>
        <ul class="applied">
          {advice.appliedOptimizations.map((sentence) => (
            <li>{sentence}</li>
          ))}
        </ul>
      </details>
    </section>
  )
}

function Code({ label, text }: { readonly label: string; readonly text: string | undefined }) {
  if (text === undefined) return null
  return (
    <p class="code">
      <span class="quiet small">{label}</span>
      <code>{text}</code>
    </p>
  )
}

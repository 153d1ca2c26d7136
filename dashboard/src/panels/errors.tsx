import { text } from '../format/quantity.ts'
import { Empty, Panel } from '../parts/panel.tsx'
import type { View } from '../state/view.ts'

/** Failed statements by code, the most frequent first. */
export function Errors({ view }: { readonly view: View }) {
  const { errors, queries } = view.overview.metrics
  const rows = Object.entries(errors).sort(([, a], [, b]) => b - a)
  const total = rows.reduce((sum, [, count]) => sum + count, 0)
  return (
    <Panel
      id="errors"
      title="Errors"
      note={total === 0 ? 'none' : `${total.toLocaleString('en-US')} since it was opened`}
      hint="Good: none but those you expect, such as a unique name that is taken."
    >
      {rows.length === 0 ? (
        <Empty>No statement has failed.</Empty>
      ) : (
        <ul class="error-list">
          {rows.map(([code, count]) => (
            <li key={code}>
              <code>{code}</code>
              <span>{text(count, 'count')}</span>
            </li>
          ))}
        </ul>
      )}
      {total > 0 && queries > 0 && <p class="aside">{`one in ${text(queries / total, 'count')} statements`}</p>}
    </Panel>
  )
}

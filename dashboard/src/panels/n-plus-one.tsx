import { ago, exact } from '../format/time.ts'
import { Empty, Panel } from '../parts/panel.tsx'
import { SqlLine } from '../parts/sql.tsx'
import type { View } from '../state/view.ts'

/** Places in the code that send the same read once for each row. */
export function NPlusOne({ view, now }: { readonly view: View; readonly now: number }) {
  const suspects = view.overview.metrics.nPlusOne
  return (
    <Panel
      id="n-plus-one"
      title="N+1 suspects"
      note={suspects.length === 0 ? 'none' : String(suspects.length)}
      hint="Good: none. One read that fetches all is quicker than many that fetch one each."
    >
      {suspects.length === 0 ? (
        <Empty>No place in the code was seen sending the same read again and again.</Empty>
      ) : (
        <ul class="suspects divided">
          {suspects.map(({ sql, origin, count, suggestion, at }) => (
            <li key={`${origin}:${sql}`}>
              <p>
                <strong>{`${count} times`}</strong> from <code>{origin}</code>
                <time class="aside" title={exact(Date.parse(at))}>{` ${ago(Date.parse(at), now)}`}</time>
              </p>
              <SqlLine sql={sql} />
              <p class="aside">{suggestion}</p>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}

import type { View } from '../state/view.ts'

/** Ways down the page, with what waits there. */
export function SectionLinks({ view }: { readonly view: View }) {
  const { metrics, recommendations, connections, backups } = view.overview
  const links: readonly (readonly [string, string, number | null])[] = [
    ['reads', 'Activity', null],
    ['log', 'Log', null],
    ['connections', 'Connections', connections.length],
    ['statements', 'Statements', metrics.topStatements.length],
    ['slow', 'Slow', metrics.slowStatements.length],
    ['errors', 'Errors', Object.values(metrics.errors).reduce((sum, count) => sum + count, 0)],
    ['advice', 'Advice', recommendations.length],
    ['backups', 'Backups', backups?.count ?? 0],
    ['schema', 'Schema', null],
  ]
  return (
    <nav class="section-links" aria-label="Panels">
      <ul>
        {links.map(([id, name, count]) => (
          <li key={id}>
            <a href={`#${id}`}>
              {name}
              {count !== null && count > 0 && <span class="count">{count.toLocaleString('en-US')}</span>}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}

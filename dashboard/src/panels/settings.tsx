import type { ConnectionRow } from '../../../src/dashboard/protocol.ts'

/** What SQLite reported back, once where all connections agree, and by connection where they do not. */
export function Settings({ connections }: { readonly connections: readonly ConnectionRow[] }) {
  const names = [...new Set(connections.flatMap(({ pragmas }) => Object.keys(pragmas)))].sort()
  if (names.length === 0) return null
  return (
    <details class="settings">
      <summary>Settings as SQLite reported them</summary>
      <dl class="facts facts-columns">
        {names.map((name) => (
          <div key={name}>
            <dt>
              <code>{name}</code>
            </dt>
            <dd>{settingOf(name, connections)}</dd>
          </div>
        ))}
      </dl>
    </details>
  )
}

export function settingOf(name: string, connections: readonly ConnectionRow[]): string {
  const labels = new Map<string, string[]>()
  for (const { label, pragmas } of connections) {
    if (!(name in pragmas)) continue
    const value = String(pragmas[name])
    labels.set(value, [...(labels.get(value) ?? []), label])
  }
  if (labels.size === 1) return [...labels.keys()][0] ?? ''
  return [...labels].map(([value, on]) => `${value} (${on.join(', ')})`).join(', ')
}

/** Every connection of the database with its settings, as SQLite reported them when it was opened. */
import type { ConnectionStatus } from 'noormme'

export function Connections({ connections }: { readonly connections: readonly ConnectionStatus[] }) {
  const settings = Object.keys(connections.find(({ pragmas }) => pragmas !== null)?.pragmas ?? {})
  return (
    <section aria-labelledby="connections-title">
      <h2 id="connections-title">Connections</h2>
      <section class="scroll" tabindex={0} aria-label="Settings of every connection">
        <table>
          <thead>
            <tr>
              <th scope="col">PRAGMA</th>
              {connections.map(({ label, state }) => (
                <th scope="col">
                  <span class="mono">{label}</span> <span class="quiet">{state}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {settings.map((setting) => (
              <tr>
                <th scope="row" class="mono">
                  {setting}
                </th>
                {connections.map(({ pragmas }) => (
                  <td>{show(new Map<string, unknown>(Object.entries(pragmas ?? {})).get(setting))}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </section>
  )
}

function show(value: unknown): string {
  if (value === undefined) return '–'
  if (typeof value === 'boolean') return value ? 'on' : 'off'
  return String(value)
}

import { text } from '../format/quantity.ts'
import { age } from '../format/time.ts'
import type { View } from '../state/view.ts'

function sinceWhen({ overview: { database } }: View, now: number): string | null {
  if (!database.open) return 'closed'
  if (database.openSince === null) return null
  const lasts = age(Math.max(0, now - Date.parse(database.openSince)))
  return database.seen === 'outside' ? `looked at for ${lasts}` : `open for ${lasts}`
}

/** What kind of database it is, in one line. */
export function FactsLine({ view, now }: { readonly view: View; readonly now: number }) {
  const { database } = view.overview
  const parts = [
    database.sizeBytes === null ? null : text(database.sizeBytes, 'bytes'),
    database.pageSize === null ? null : `pages of ${text(database.pageSize, 'bytes')}`,
    database.journalMode === null ? null : `journal ${database.journalMode.toUpperCase()}`,
    database.synchronous === null ? null : `synchronous ${database.synchronous}`,
    database.readOnly ? 'read-only' : null,
    sinceWhen(view, now),
    database.sqliteVersion === null ? null : `SQLite ${database.sqliteVersion}`,
    `noormme ${database.noormmeVersion}`,
    database.native === null ? null : `native extension ${database.native.loaded ? 'loaded' : 'not loaded'}`,
  ].filter((part) => part !== null)
  return (
    <ul class="facts-line" aria-label="About this database">
      {parts.map((part) => (
        <li key={part} title={part.startsWith('native') ? (database.native?.reason ?? undefined) : undefined}>
          {part}
        </li>
      ))}
    </ul>
  )
}

import type { HealthNow, Overview } from '../../dashboard/protocol.ts'
import type { Command, RunContext } from '../command.ts'
import { liveView } from '../live/live-view.ts'
import { PLACE, TOKEN, tokenFrom } from '../live/options.ts'
import type { Style } from '../render/style.ts'
import { counted, printable } from '../render/text.ts'
import { untilStopped } from '../until-stopped.ts'

/** `noormme watch FILE|URL` */
export const watch: Command = {
  name: 'watch',
  summary: 'Say when the schema or the health of a database changes',
  arguments: [PLACE],
  options: [TOKEN],
  examples: ['noormme watch app.db', 'noormme watch http://localhost:3000/admin/database --json'],
  notes: [
    'A line each, with --json a document each, until Ctrl+C. A file is only looked at.',
    'Ends with 1 when the database was not healthy at last.',
  ],
  run: async ({ arguments: { FILE: place = '' }, options }, context) => {
    using stopping = untilStopped()
    const told = new Told(context)
    for await (const event of liveView(place, { token: tokenFrom(options), signal: stopping.signal })) {
      if (event.kind === 'lost') told.lost(event.reason)
      else if (event.kind === 'overview') told.seen(event.overview, event.tables)
      else {
        for (const change of event.tick.schemaChanges) told.change(change)
        told.health(event.tick.health)
      }
    }
    return { code: told.isHealthy ? 0 : 1, json: null, text: () => '' }
  },
}

/** What has been told already, so that only changes are. */
class Told {
  readonly #context: RunContext
  #isFirst = true
  #lost: string | null = null
  /** `null` before any were seen. */
  #tables: readonly string[] | null = null
  #status: HealthNow['status'] | null = null
  #wrong = ''

  constructor(context: RunContext) {
    this.#context = context
  }

  get isHealthy(): boolean {
    return this.#status === 'healthy' && this.#lost === null
  }

  /** Tables that came and went while nothing was seen are told, too. */
  seen({ database: { name, open }, health }: Overview, tables: readonly string[]): void {
    if (this.#isFirst) {
      const text = `watching ${printable(name)}: ${counted(tables.length, 'table')}`
      this.#line('start', { database: name, tables: tables.length }, () => text)
    } else {
      if (this.#lost !== null) this.#line('found', {}, (style) => style.good('it is seen again'))
      // Of a database that is not open nobody knows.
      if (open) this.#compare(tables)
    }
    this.#isFirst = false
    this.#lost = null
    if (open) this.#tables = tables
    this.health(health)
  }

  lost(reason: string): void {
    if (this.#lost === reason) return
    this.#lost = reason
    this.#line('lost', { reason }, (style) => style.bad(printable(reason)))
  }

  change(details: string): void {
    this.#line('schema', { details }, () => `schema: ${printable(details)}`)
  }

  /** Told when the status changes, and when other checks fail than before. */
  health({ status, checks }: HealthNow): void {
    const wrong = checks.filter((check) => check.status !== 'pass')
    const names = wrong.map((check) => `${check.status} ${check.name}`).join(', ')
    if (status === this.#status && names === this.#wrong) return
    this.#status = status
    this.#wrong = names
    const details = wrong.map(({ name, detail }) => ({ name, detail }))
    this.#line('health', { status, checks: details }, (style) => {
      const paint = status === 'healthy' ? style.good : style.bad
      const why = wrong.map(({ name, detail }) => `${name}: ${printable(detail)}`).join('; ')
      return `${paint(status)}${why === '' ? '' : `: ${why}`}`
    })
  }

  #compare(tables: readonly string[]): void {
    const before = this.#tables ?? tables
    for (const table of tables) if (!before.includes(table)) this.change(`"${table}" was added`)
    for (const table of before) if (!tables.includes(table)) this.change(`"${table}" was removed`)
  }

  #line(kind: string, facts: object, text: (style: Style) => string): void {
    const at = new Date().toISOString()
    this.#context.line({ at, kind, ...facts }, (style) => `${style.dim(at)}  ${text(style)}`)
  }
}

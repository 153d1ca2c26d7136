/**
 * A span and a measurement for each statement, by the stable conventions for databases
 * (https://opentelemetry.io/docs/specs/semconv/database/sql/). A span is made when its statement has ended, with the times and
 * the parent that it began with, so it does not matter on which thread SQLite was at work. Where no SDK is registered the
 * interface of OpenTelemetry does nothing.
 */
import { basename } from 'node:path'
import type { Attributes, Context, Histogram, Tracer } from '@opentelemetry/api'
import { ConfigError } from '../errors.ts'
import { summaryOf, withoutValues } from '../sqlite/fingerprint.ts'
import { PACKAGE_VERSION } from '../util/package-version.ts'
import type { Telemetry } from './telemetry.ts'
import type { QueryEvent } from './types.ts'

type Api = typeof import('@opentelemetry/api')

/** Seconds, as the conventions recommend. */
const BUCKETS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10]
/** Texts whose descriptions are kept; all are forgotten together. */
const MOST_TEXTS = 1_000
/** A longer text is cut. */
const LONGEST_TEXT = 4_096

interface Described {
  readonly text: string
  readonly summary: string
  readonly operation: string
}

/** @throws ConfigError when the package is not installed. */
export async function loadOpenTelemetry(database: string): Promise<Telemetry> {
  // A name that bundlers do not see: it is looked for when the program runs, and only then has to be there.
  const name = '@opentelemetry/api'
  const api: Api | null = await import(/* webpackIgnore: true */ /* @vite-ignore */ name).catch(() => null)
  if (api === null) {
    const message = `needs the package ${name}, which is not installed: npm install ${name}`
    throw new ConfigError({ problems: [{ path: 'monitoring.openTelemetry', message }] })
  }
  return new OpenTelemetry(api, database)
}

class OpenTelemetry implements Telemetry {
  readonly #api: Api
  readonly #tracer: Tracer
  readonly #durations: Histogram
  readonly #system: Attributes
  readonly #described = new Map<string, Described>()

  constructor(api: Api, database: string) {
    this.#api = api
    this.#tracer = api.trace.getTracer('noormme', PACKAGE_VERSION)
    this.#durations = api.metrics.getMeter('noormme', PACKAGE_VERSION).createHistogram('db.client.operation.duration', {
      description: 'Duration of database client operations.',
      unit: 's',
      advice: { explicitBucketBoundaries: BUCKETS },
    })
    this.#system = { 'db.system.name': 'sqlite', 'db.namespace': basename(database) }
  }

  parent(): Context {
    return this.#api.context.active()
  }

  ended(event: QueryEvent, { parent, startMs }: { readonly parent: unknown; readonly startMs: number }): void {
    const { text, summary, operation } = this.#describe(event.sql)
    const error = event.error === null ? {} : { 'error.type': event.error }
    const common = { ...this.#system, 'db.operation.name': operation, ...error }
    const context = parent as Context
    this.#durations.record(event.duration / 1_000, common, context)

    const startTime = performance.timeOrigin + startMs
    const attributes = { ...common, 'db.query.text': text, 'db.query.summary': summary }
    const kind = this.#api.SpanKind.CLIENT
    const span = this.#tracer.startSpan(summary, { kind, startTime, attributes }, context)
    if (event.error !== null) span.setStatus({ code: this.#api.SpanStatusCode.ERROR, message: event.error })
    span.end(startTime + event.duration)
  }

  #describe(sql: string): Described {
    const known = this.#described.get(sql)
    if (known !== undefined) return known
    const beginning = sql.slice(0, LONGEST_TEXT)
    const summary = summaryOf(beginning)
    const made = { text: withoutValues(beginning), summary, operation: summary.split(' ')[0] ?? summary }
    if (sql.length > LONGEST_TEXT) return made
    if (this.#described.size >= MOST_TEXTS) this.#described.clear()
    this.#described.set(sql, made)
    return made
  }
}

import type { MetricsPoint } from '../../../src/engine/metrics/types.ts'
import { text, type Unit } from '../format/quantity.ts'
import { Figure } from '../parts/figure.tsx'
import { ShareBar } from '../parts/share-bar.tsx'
import { VerdictWord } from '../parts/status.tsx'
import { NOW_SECONDS, type Now, nowOf } from '../state/now.ts'
import type { Range, Span } from '../state/range.ts'
import { BOUNDS, type Verdict, verdict } from '../state/verdict.ts'
import type { View } from '../state/view.ts'

interface Tile {
  readonly title: string
  readonly value: number | null
  readonly unit: Unit
  readonly verdict: Verdict | null
  /** What is good, or what it is made of. */
  readonly note: string
  readonly share?: number | null
}

/** The eight figures to look at first, each with what is good. */
export function Tiles({ view, span, range }: { readonly view: View; readonly span: Span; readonly range: Range }) {
  const now = nowOf(view.seconds)
  return (
    <section class="tiles" aria-label={`Now: the last ${NOW_SECONDS} seconds`}>
      {tilesOf(view, now, span, range).map((tile) => (
        <div class="tile" key={tile.title}>
          <h2>{tile.title}</h2>
          <VerdictWord verdict={tile.verdict} />
          <p class="tile-value">
            <Figure value={tile.value} unit={tile.unit} />
          </p>
          <p class="tile-note">{tile.note}</p>
          {tile.share !== undefined && tile.share !== null && (
            <ShareBar share={tile.share} tone={tile.verdict ?? 'plain'} />
          )}
        </div>
      ))}
    </section>
  )
}

function tilesOf(view: View, now: Now | null, span: Span, range: Range): readonly Tile[] {
  const limit = view.overview.log?.limitBytes ?? null
  const used = view.overview.log?.usedBytes ?? now?.walUsedBytes ?? null
  const logShare = limit === null || used === null ? null : used / limit
  const hits = now?.pageCacheHitRatio ?? null
  const errors = sumOf(span, (point) => point.errors)
  const errorShare = errors / Math.max(1, sumOf(span, statementsOf))
  return [
    { title: 'Reads', value: now?.reads ?? null, unit: 'rate', verdict: null, note: cachedNote(now) },
    {
      title: 'Writes',
      value: now?.writes ?? null,
      unit: 'rate',
      verdict: null,
      note: now === null || now.commits === 0 ? 'no commits now' : `${text(now.commits, 'rate')} commits`,
    },
    latencyTile('Read p99', now?.readP99 ?? null, BOUNDS.readP99),
    latencyTile('Write p99', now?.writeP99 ?? null, BOUNDS.writeP99),
    {
      title: 'Writes waiting',
      value: now?.queuedWrites ?? null,
      unit: 'count',
      verdict: verdict(now === null ? null : now.oldestQueuedMs, BOUNDS.queueAge),
      note: `oldest ${text(now?.oldestQueuedMs, 'ms')}, good: under 100 ms`,
    },
    {
      title: 'Log in use',
      value: used,
      unit: 'bytes',
      verdict: verdict(logShare, BOUNDS.logShare),
      note: limit === null ? 'no limit is kept' : `of ${text(limit, 'bytes')}, good: under half`,
      share: logShare,
    },
    {
      title: 'Cache hits',
      value: hits,
      unit: 'share',
      verdict: verdict(hits === null ? null : 1 - hits, BOUNDS.cacheMisses),
      note: 'of pages, good: over 90 %',
    },
    {
      title: 'Errors',
      value: errors,
      unit: 'count',
      verdict: verdict(errorShare, BOUNDS.errorShare),
      note: `${errors === 0 ? '' : `${text(errorShare, 'share')} of all, `}in the last ${range.label}`,
    },
  ]
}

function latencyTile(
  title: string,
  value: number | null,
  bounds: { readonly good: number; readonly watch: number },
): Tile {
  const note = value === null ? 'none now' : `good: under ${bounds.good} ms`
  return { title, value, unit: 'ms', verdict: verdict(value, bounds), note }
}

const sumOf = (span: Span, of: (point: MetricsPoint) => number): number =>
  span.points.reduce((sum, point) => sum + (point === null ? 0 : of(point)), 0)

const statementsOf = (point: MetricsPoint): number =>
  point.readsInline + point.readsThreaded + point.readsCached + point.writes + point.errors

const cachedNote = (now: Now | null): string =>
  now === null || now.reads === 0 ? 'none now' : `${text(now.cached / now.reads, 'share')} from the result cache`

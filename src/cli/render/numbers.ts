/** Numbers for tables that are drawn again and again: short, with their unit, `–` where nothing is known. */

export const UNKNOWN = '–'

/** `1,204`, from a million on `1.2 M`. */
export function whole(count: number): string {
  if (count < 1_000_000) return Math.round(count).toLocaleString('en')
  return count < 1_000_000_000 ? `${(count / 1e6).toFixed(1)} M` : `${(count / 1e9).toFixed(1)} G`
}

/** `0.05 ms`, `12 ms`, `3.4 s`, `2.1 min`, `5 h`. */
export function duration(ms: number | null): string {
  if (ms === null) return UNKNOWN
  if (ms < 10) return `${ms.toFixed(2)} ms`
  if (ms < 1_000) return `${ms.toFixed(0)} ms`
  if (ms < 120_000) return `${(ms / 1_000).toFixed(1)} s`
  return ms < 7_200_000 ? `${(ms / 60_000).toFixed(1)} min` : `${(ms / 3_600_000).toFixed(1)} h`
}

export function percent(share: number | null): string {
  return share === null ? UNKNOWN : `${(share * 100).toFixed(1)} %`
}

/** A bar of `width` columns, filled by `share`. */
export function bar(share: number, width: number): string {
  const filled = Math.round(Math.min(1, Math.max(0, share)) * width)
  return '█'.repeat(filled) + '░'.repeat(width - filled)
}

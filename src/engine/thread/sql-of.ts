/** The text that a request runs, for status displays. */
export function sqlOf(argument: unknown): string | null {
  if (typeof argument !== 'object' || argument === null) return null
  if ('sql' in argument && typeof argument.sql === 'string') return argument.sql
  for (const key of ['statement', 'statements', 'items', '0'] as const) {
    if (key in argument) return sqlOf((argument as Record<string, unknown>)[key])
  }
  return null
}

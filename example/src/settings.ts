/** What the environment may say; everything has a default. */

export interface Settings {
  /** Port to serve on; when it is taken, the next free one. `PORT`, default 3000; 0: any free port. */
  readonly port: number
  /** Address to serve on. `HOST`, default this machine only. */
  readonly host: string
  /** How many works a new database is filled with. `DREAMBEESART_WORKS`, default 10,000. */
  readonly works: number
}

/** Throws a RangeError that names the setting when one cannot be used. */
export function readSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  return {
    port: whole(env, 'PORT', 3000, 0, 65_535),
    host: env.HOST ?? '127.0.0.1',
    works: whole(env, 'DREAMBEESART_WORKS', 10_000, 20, 1_000_000),
  }
}

function whole(
  env: Readonly<Record<string, string | undefined>>,
  name: string,
  fallback: number,
  low: number,
  high: number,
): number {
  const text = env[name]
  if (text === undefined || text === '') return fallback
  const value = Number(text)
  if (!Number.isInteger(value) || value < low || value > high) {
    throw new RangeError(`${name} is expected to be a whole number from ${low} to ${high}`)
  }
  return value
}

/** What the commands that look at a database live have in common. */
import { ValidationError } from '../../errors.ts'
import type { Argument, Option } from '../command.ts'

export const PLACE: Argument = { name: 'FILE', about: 'the database file, or the address of a dashboard that runs' }
export const TOKEN: Option = {
  name: 'token',
  value: 'TOKEN',
  about: 'the token of the dashboard (or NOORMME_TOKEN in the environment, which nobody else sees)',
}
export const INTERVAL: Option = { name: 'interval', value: 'SECONDS', about: 'how often it is shown (default: 1)' }

const LONGEST_INTERVAL_S = 86_400

export function tokenFrom(options: Readonly<Record<string, string>>): string | null {
  return options.token ?? (process.env.NOORMME_TOKEN || null)
}

/** @throws ValidationError for what is no number of seconds. */
export function intervalMs(verb: string, given: string | undefined): number {
  const seconds = given === undefined ? 1 : Number(given)
  if (given !== '' && seconds >= 1 && seconds <= LONGEST_INTERVAL_S) return seconds * 1000
  throw new ValidationError({
    subject: '--interval',
    reason: `must be a number of seconds from 1 to ${LONGEST_INTERVAL_S}, got ${JSON.stringify(given)}`,
    advice: `See noormme ${verb} --help`,
  })
}

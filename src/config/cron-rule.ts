/** The rule of `backup.schedule`. */
import { Cron } from 'croner'
import { accept, describe, type Rule, refuse } from './rules.ts'

/** A cron pattern that has a next time, or `false` for none. */
export function cronPattern(): Rule<string | false> {
  return (value) => {
    if (value === false) return accept(value)
    if (typeof value !== 'string')
      return refuse(`must be a cron pattern such as '15 3 * * *', or false, got ${describe(value)}`)
    // A date is none: it comes once.
    if (value.trim().split(/\s+/).length < 5) return refuse(PROBLEM)
    try {
      return new Cron(value, { paused: true }).nextRun() === null
        ? refuse('must have a time that is still to come')
        : accept(value)
    } catch {
      return refuse(PROBLEM)
    }
  }
}

const PROBLEM = "must be a cron pattern of five fields (minute, hour, day, month, weekday), such as '15 3 * * *'"

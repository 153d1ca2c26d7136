/** Times of day and ages. Shown in the reader's own time zone. */

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const clockFormat = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' })
const shortFormat = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' })
const dayFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' })
const fullFormat = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'long' })

/** `14:03:27` */
export const clock = (at: number): string => clockFormat.format(at)

/** `14:03` */
export const shortClock = (at: number): string => shortFormat.format(at)

/** `14:03:27`, with the day in front when that is not today. */
export function moment(at: number, now: number): string {
  const sameDay = new Date(at).toDateString() === new Date(now).toDateString()
  return sameDay ? clock(at) : `${dayFormat.format(at)} ${shortClock(at)}`
}

/** With date and time zone, for a title. */
export const exact = (at: number): string => fullFormat.format(at)

/** `under 1 s`, `42 s`, `3 min`, `5 h 12 min`, `4 d`: whole units, the way that people say it. */
export function age(ms: number): string {
  if (ms < SECOND) return 'under 1\u00a0s'
  if (ms < 2 * MINUTE) return `${Math.floor(ms / SECOND)}\u00a0s`
  if (ms < 2 * HOUR) return `${Math.floor(ms / MINUTE)}\u00a0min`
  if (ms < 2 * DAY) {
    const minutes = Math.floor((ms % HOUR) / MINUTE)
    return `${Math.floor(ms / HOUR)}\u00a0h${minutes === 0 ? '' : ` ${minutes}\u00a0min`}`
  }
  return `${Math.floor(ms / DAY)}\u00a0d`
}

/** `42 s ago`; what is ahead of this machine's clock happened just now. */
export const ago = (at: number, now: number): string => (now - at < SECOND ? 'just now' : `${age(now - at)} ago`)

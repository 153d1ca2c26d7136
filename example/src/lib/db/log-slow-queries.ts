/** Tells on the console which statements of the shop were slow, and which were sent one by one where one would do. */
import { db } from './noormme.ts'

export function logSlowQueries(): void {
  db.on('slowQuery', ({ sql, duration, running, connection, origin }) => {
    const times = `${Math.round(duration)} ms${running === null ? '' : `, ${Math.round(running)} of them running`}`
    console.warn(`Slow query (${times}) on ${connection ?? 'a stream'} ${origin ?? ''}\n  ${sql}`)
  })
  // Looking where each call comes from costs more than a short read: that is for those who work on the shop.
  if (process.env.NODE_ENV === 'production') return
  db.on('nPlusOne', ({ sql, count, origin, suggestion }) => {
    console.warn(`${count} queries instead of one ${origin}\n  ${sql}\n  ${suggestion}`)
  })
}

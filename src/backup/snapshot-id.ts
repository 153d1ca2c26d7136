/** Names of snapshots: UTC to the millisecond and eight random hex digits, so that their order is that of time. */
import { randomBytes } from 'node:crypto'

const FORM = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z-[0-9a-f]{8}$/

/** A name for a snapshot made now: `20261126T173000123Z-1a2b3c4d`. */
export function newSnapshotId(now: Date): string {
  return `${now.toISOString().replace(/[-:.]/g, '')}-${randomBytes(4).toString('hex')}`
}

/** When a snapshot of this name was begun; `null` for what is no name of a snapshot. */
export function timeOfSnapshot(id: string): Date | null {
  const parts = FORM.exec(id)
  if (parts === null) return null
  const [, year, month, day, hour, minute, second, ms] = parts
  const time = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`)
  return Number.isNaN(time.getTime()) ? null : time
}

/** What is known of a backup, as it is kept beside it: JSON, with its own checksum, so that a flipped bit in it is found too. */
import { createHash } from 'node:crypto'
import { BackupDamagedError } from '../errors.ts'
import type { CopyResult, LogPosition } from '../sqlite/copy-types.ts'
import type { ArchivePlace } from './archive/plan.ts'

const FORMAT = 1

export interface Manifest {
  readonly format: typeof FORMAT
  readonly id: string
  /** When the copy was complete: ISO 8601, UTC. */
  readonly createdAt: string
  /** The name of the database's file, without its folder. */
  readonly database: string
  readonly bytes: number
  readonly sha256: string
  readonly pageBytes: number
  /** SHA-256 of the statements that made its tables, indexes, views and triggers. */
  readonly schemaHash: string
  /** Rows of each table. */
  readonly rows: Readonly<Record<string, number>>
  readonly sqliteVersion: string
  readonly noormmeVersion: string
  /** How it was copied: see `engine/backup/copier.ts`. */
  readonly method: CopyResult['method']
  readonly restarts: number
  readonly copyMs: number
  /** The place in the log of the database that it is equal to; `null` where it could not be told. */
  readonly log: LogPosition | null
  /** Where it stands in the archive; `null` where nothing is archived. */
  readonly archive: ArchivePlace | null
}

const TYPES: { readonly [Key in keyof Manifest]: readonly string[] } = {
  format: ['number'],
  id: ['string'],
  createdAt: ['string'],
  database: ['string'],
  bytes: ['number'],
  sha256: ['string'],
  pageBytes: ['number'],
  schemaHash: ['string'],
  rows: ['object'],
  sqliteVersion: ['string'],
  noormmeVersion: ['string'],
  method: ['string'],
  restarts: ['number'],
  copyMs: ['number'],
  log: ['object', 'null'],
  archive: ['object', 'null'],
}

export function writeManifest(manifest: Omit<Manifest, 'format'>): string {
  const body = { format: FORMAT, ...manifest }
  return `${JSON.stringify({ ...body, checksum: checksumOf(body) }, null, 2)}\n`
}

/** @throws BackupDamagedError unless it is the manifest of that backup, as it was written. */
export function readManifest(text: string, { store, id }: { readonly store: string; readonly id: string }): Manifest {
  const damaged = (reason: string): BackupDamagedError => new BackupDamagedError({ store, name: id, reason })
  const { checksum, ...body } = parse(text) ?? {}
  if (checksum === undefined) throw damaged('its manifest is no manifest')
  if (checksum !== checksumOf(body)) throw damaged('its manifest has been changed')
  if (body.format !== FORMAT) {
    throw damaged(`its manifest is of format ${String(body.format)}, and this noormme knows ${FORMAT}: use a newer one`)
  }
  for (const [name, types] of Object.entries(TYPES)) {
    const value = body[name]
    if (!types.includes(value === null ? 'null' : typeof value)) throw damaged(`its manifest has no right "${name}"`)
  }
  const manifest = body as unknown as Manifest
  if (manifest.id !== id) throw damaged(`its manifest is that of ${manifest.id}`)
  return manifest
}

function parse(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}

function checksumOf(body: object): string {
  return createHash('sha256').update(JSON.stringify(body)).digest('hex')
}

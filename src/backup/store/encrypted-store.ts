/**
 * A store whose objects are encrypted with the user's key, see `sealed.ts`. They carry the ending `.enc`; what has not is
 * not of this store, so whoever can write to the target cannot pass off an object that is not encrypted.
 */
import { BackupDamagedError } from '../../errors.ts'
import { piecesOf, sliceOf } from './chunks.ts'
import { CHUNK_BYTES, HEADER_BYTES, SEALED_CHUNK_BYTES, Seal, SealError } from './sealed.ts'
import { endingWith } from './suffix.ts'
import type { BackupStore, GetOptions, PutOptions, StoredObject } from './types.ts'

/** How the names of encrypted objects end. */
export const ENCRYPTED = '.enc'

export function encryptedStore(inner: BackupStore, key: Uint8Array): BackupStore {
  return {
    ...endingWith(inner, ENCRYPTED),
    async *list(prefix, options): AsyncGenerator<StoredObject, void> {
      for await (const { key: name, bytes } of endingWith(inner, ENCRYPTED).list(prefix, options))
        yield { key: name, bytes: plainBytes(bytes) }
    },
    put: (name, chunks, options) => inner.put(name + ENCRYPTED, seal(key, name, chunks), sizedAs(options)),
    get: (name, options) => open(inner, key, name, options),
  }
}

/** What is known of the size, with what encryption adds. */
function sizedAs({ bytes, signal }: PutOptions = {}): PutOptions {
  if (bytes === undefined) return { signal }
  const chunks = Math.max(1, Math.ceil(bytes / CHUNK_BYTES))
  return { signal, bytes: HEADER_BYTES + bytes + chunks * (SEALED_CHUNK_BYTES - CHUNK_BYTES) }
}

/** The other way about: an offset that is counted from the end has to be right. */
function plainBytes(sealed: number): number {
  const body = Math.max(0, sealed - HEADER_BYTES)
  return Math.max(0, body - Math.ceil(body / SEALED_CHUNK_BYTES) * (SEALED_CHUNK_BYTES - CHUNK_BYTES))
}

async function* seal(key: Uint8Array, name: string, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer, void> {
  const cipher = Seal.create(key, name)
  yield cipher.header
  let index = 0
  let held: Buffer | null = null
  for await (const piece of piecesOf(chunks, CHUNK_BYTES)) {
    if (held !== null) yield cipher.encrypt(index++, false, held)
    held = piece
  }
  yield cipher.encrypt(index, true, held ?? Buffer.alloc(0))
}

async function* open(
  store: BackupStore,
  key: Uint8Array,
  name: string,
  { offset = 0, length = Number.POSITIVE_INFINITY, signal }: GetOptions = {},
): AsyncGenerator<Uint8Array, void> {
  const failed = (reason: string): Error =>
    new BackupDamagedError({ store: store.description, name: name + ENCRYPTED, reason })

  const cipher = openSeal(await head(store, name + ENCRYPTED, signal), key, name, failed)
  const first = Math.floor(offset / CHUNK_BYTES)
  const from = offset - first * CHUNK_BYTES
  const count = Math.ceil((from + length) / CHUNK_BYTES)
  const range = {
    offset: HEADER_BYTES + first * SEALED_CHUNK_BYTES,
    ...(Number.isFinite(count) ? { length: count * SEALED_CHUNK_BYTES } : {}),
    signal,
  }
  yield* sliceOf(decrypt(cipher, store.get(name + ENCRYPTED, range), { first, count }, failed), from, length)
}

async function head(store: BackupStore, key: string, signal: AbortSignal | undefined): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for await (const part of store.get(key, { length: HEADER_BYTES, signal })) parts.push(part)
  return Buffer.concat(parts)
}

function openSeal(header: Buffer, key: Uint8Array, name: string, failed: (reason: string) => Error): Seal {
  try {
    return Seal.open(header, key, name)
  } catch (error) {
    throw error instanceof SealError ? failed(`it ${error.message}`) : error
  }
}

/** Which chunk it begins with, and how many are asked for at most. */
interface ChunkRange {
  readonly first: number
  readonly count: number
}

async function* decrypt(
  cipher: Seal,
  sealed: AsyncIterable<Uint8Array>,
  { first, count }: ChunkRange,
  failed: (reason: string) => Error,
): AsyncGenerator<Buffer, void> {
  const damaged = (): Error => failed('it was changed, cut off or replaced')
  let index = first
  let held: Buffer | null = null
  for await (const piece of piecesOf(sealed, SEALED_CHUNK_BYTES)) {
    if (held !== null) yield cipher.decrypt(index++, false, held) ?? fail(damaged())
    held = piece
  }
  // A beginning behind the end finds nothing, which cannot be told from an object that was cut off there.
  if (held === null) throw damaged()
  const last = cipher.decrypt(index, true, held)
  const inner = last === null && index - first + 1 === count ? cipher.decrypt(index, false, held) : null
  yield last ?? inner ?? fail(damaged())
}

function fail(error: Error): never {
  throw error
}

/** A store whose objects are compressed by zstd (https://facebook.github.io/zstd/), with the ending `.zst`. */
import { pipeline, Readable } from 'node:stream'
import zlib from 'node:zlib'
import { BackupDamagedError } from '../../errors.ts'
import { sliceOf } from './chunks.ts'
import { endingWith } from './suffix.ts'
import type { BackupStore, GetOptions } from './types.ts'

/** How the names of compressed objects end. */
export const COMPRESSED = '.zst'

/** Needs a Node.js with zstd: `backup.compression` is refused elsewhere. */
export function compressedStore(inner: BackupStore): BackupStore {
  return {
    ...endingWith(inner, COMPRESSED),
    async put(key, chunks, { signal } = {}): Promise<void> {
      const compress = zlib.createZstdCompress({ params: { [zlib.constants.ZSTD_c_checksumFlag]: 1 } })
      // What fails on the way ends the compressed stream with the same error.
      pipeline(Readable.from(chunks, { objectMode: false }), compress, () => {})
      await inner.put(key + COMPRESSED, compress, { signal })
    },
    get: (key, options) => decompress(inner, key + COMPRESSED, options),
  }
}

/** From the beginning always: what lies at an offset is known only behind everything before it. */
async function* decompress(
  store: BackupStore,
  key: string,
  { offset = 0, length = Number.POSITIVE_INFINITY, signal }: GetOptions = {},
): AsyncGenerator<Uint8Array, void> {
  const plain = zlib.createZstdDecompress()
  pipeline(Readable.from(store.get(key, { signal }), { objectMode: false }), plain, () => {})
  try {
    yield* sliceOf(plain, offset, length)
  } catch (cause) {
    if (!isZlibError(cause)) throw cause
    const reason = 'it was changed or cut off after it was compressed'
    throw new BackupDamagedError({ store: store.description, name: key, reason }, { cause })
  } finally {
    plain.destroy()
  }
}

function isZlibError(error: unknown): boolean {
  return (
    error instanceof Error && 'errno' in error && 'code' in error && /^(ZSTD_|Z_|ERR_ZSTD)/.test(String(error.code))
  )
}

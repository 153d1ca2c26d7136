/** Streams of bytes for tests of stores. */

export async function* chunksOf(...chunks: Uint8Array[]): AsyncGenerator<Uint8Array, void> {
  yield* chunks
}

/** The chunks, then an error. */
export async function* failingAfter(error: Error, ...chunks: Uint8Array[]): AsyncGenerator<Uint8Array, void> {
  yield* chunks
  throw error
}

export async function readAll(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for await (const chunk of chunks) parts.push(chunk)
  return Buffer.concat(parts)
}

/** Bytes that depend on their place, and do not compress to nothing. */
export function someBytes(length: number, seed = 1): Buffer {
  const bytes = Buffer.alloc(length)
  let state = seed
  for (let at = 0; at < length; at++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    bytes[at] = (state >>> 16) & 0x3f
  }
  return bytes
}

export async function keysOf(objects: AsyncIterable<{ readonly key: string }>): Promise<string[]> {
  const keys: string[] = []
  for await (const { key } of objects) keys.push(key)
  return keys
}

/** Streams of bytes cut to size. */

/** The same bytes in pieces of exactly `size`, the last one shorter; nothing for no bytes. Each piece is a copy of its own. */
export async function* piecesOf(chunks: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Buffer, void> {
  let piece = Buffer.allocUnsafe(size)
  let filled = 0
  for await (const chunk of chunks) {
    let at = 0
    while (at < chunk.byteLength) {
      const part = chunk.subarray(at, at + size - filled)
      piece.set(part, filled)
      filled += part.byteLength
      at += part.byteLength
      if (filled < size) continue
      yield piece
      piece = Buffer.allocUnsafe(size)
      filled = 0
    }
  }
  if (filled > 0) yield piece.subarray(0, filled)
}

/** The bytes from `offset` on, `length` of them at most. */
export async function* sliceOf(
  chunks: AsyncIterable<Uint8Array>,
  offset: number,
  length: number,
): AsyncGenerator<Uint8Array, void> {
  let skip = offset
  let left = length
  if (left <= 0) return
  for await (const chunk of chunks) {
    if (skip >= chunk.byteLength) {
      skip -= chunk.byteLength
      continue
    }
    const part = chunk.subarray(skip, skip + left)
    skip = 0
    left -= part.byteLength
    yield part
    if (left <= 0) return
  }
}

/** Reads a file from its beginning to its end, the next piece while the one before is used. */
import { open } from 'node:fs/promises'

/** Written by larger pieces, Linux spends several times the processor time on finding contiguous memory for them. */
const PIECE_BYTES = 2 ** 18
/** One that is read, one that the caller works on, and the one before it, which he may still be writing. */
const BUFFERS = 3

/**
 * The bytes of a file, in few buffers that are used again: a buffer for each piece is more work for the garbage collector than
 * reading is. A piece is good until the next but one is asked for.
 *
 * @throws what the file system says; the reason of the signal.
 */
export async function* readPieces(path: string, signal?: AbortSignal): AsyncGenerator<Buffer, void> {
  signal?.throwIfAborted()
  const file = await open(path, 'r')
  const buffers: Buffer[] = []
  const read = (number: number): Promise<Buffer> => {
    const buffer = (buffers[number % BUFFERS] ??= Buffer.allocUnsafeSlow(PIECE_BYTES))
    const reading = file.read(buffer, 0, PIECE_BYTES, null).then(({ bytesRead }) => buffer.subarray(0, bytesRead))
    // Nobody may ask for it.
    reading.catch(() => {})
    return reading
  }
  let next = read(0)
  try {
    for (let number = 1; ; number++) {
      const piece = await next
      if (piece.length === 0) return
      signal?.throwIfAborted()
      next = read(number)
      yield piece
    }
  } finally {
    // It would be read into after it has been closed.
    await next.catch(() => {})
    await file.close()
  }
}

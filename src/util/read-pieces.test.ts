import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readAll, someBytes } from '../../test/support/bytes.ts'
import { tempFolder } from '../../test/support/temp-folder.ts'
import { readPieces } from './read-pieces.ts'

const MIB = 2 ** 20

function fileOf(bytes: Buffer): string {
  const path = join(tempFolder(), 'file')
  writeFileSync(path, bytes)
  return path
}

async function* copied(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const piece of pieces) yield Buffer.from(piece)
}

it('gives all bytes of files of every size', async () => {
  for (const size of [0, 1, MIB / 4 - 1, MIB / 4, MIB / 4 + 1, 5 * MIB + 3]) {
    const bytes = someBytes(size, size + 1)

    const read = await readAll(copied(readPieces(fileOf(bytes))))

    expect(read.equals(bytes)).toBe(true)
  }
})

it('leaves a piece as it is until the next but one is asked for', async () => {
  const bytes = someBytes(9 * MIB)
  const pieces = readPieces(fileOf(bytes))

  let before: Buffer = Buffer.alloc(0)
  let at = 0
  for await (const piece of pieces) {
    // Time for the next one to be read, were it into the memory of one of these.
    await readAll(copied(readPieces(fileOf(someBytes(MIB)))))
    expect(before.equals(bytes.subarray(at - before.length, at))).toBe(true)
    expect(piece.equals(bytes.subarray(at, at + piece.length))).toBe(true)
    at += piece.length
    before = piece
  }
  expect(at).toBe(bytes.length)
})

it('ends with the reason of its signal, and with the error of a file that is not there', async () => {
  const path = fileOf(someBytes(4 * MIB))
  const controller = new AbortController()
  const pieces = readPieces(path, controller.signal)
  await pieces.next()
  controller.abort(new Error('no longer'))

  await expect(pieces.next()).rejects.toThrow('no longer')
  await expect(readPieces(`${path}.none`).next()).rejects.toThrow('ENOENT')
})

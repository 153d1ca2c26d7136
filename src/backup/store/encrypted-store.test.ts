import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chunksOf, keysOf, readAll, someBytes } from '../../../test/support/bytes.ts'
import { tempFolder } from '../../../test/support/temp-folder.ts'
import { encryptedStore } from './encrypted-store.ts'
import { FolderStore } from './folder-store.ts'
import { CHUNK_BYTES } from './sealed.ts'
import type { BackupStore } from './types.ts'

const KEY = Buffer.alloc(32, 7)
const DAMAGED = { code: 'NOORMME_BACKUP_DAMAGED' }

function stores(): { readonly plain: BackupStore; readonly sealed: BackupStore } {
  const plain = new FolderStore(tempFolder())
  return { plain, sealed: encryptedStore(plain, KEY) }
}

describe('an encrypted store', () => {
  it('keeps nothing that can be read without the key', async () => {
    const { plain, sealed } = stores()
    await sealed.put('object', chunksOf(Buffer.from('Mira Sundström'.repeat(1_000))))
    const kept = await readAll(plain.get('object.enc'))
    expect(kept.includes('Mira')).toBe(false)
    await sealed.put('again', chunksOf(Buffer.from('Mira Sundström'.repeat(1_000))))
    expect((await readAll(plain.get('again.enc'))).subarray(32).equals(kept.subarray(32))).toBe(false)
  })

  it('notices every byte that is changed, taken out or put in (the tag of each chunk)', async () => {
    const { plain, sealed } = stores()
    const bytes = someBytes(150_000)
    await sealed.put('object', chunksOf(bytes))
    const kept = await readAll(plain.get('object.enc'))
    const change = fc.record({
      at: fc.nat(kept.length - 1),
      how: fc.constantFrom('flip' as const, 'remove' as const, 'insert' as const),
    })
    await fc.assert(
      fc.asyncProperty(change, async ({ at, how }) => {
        const head = kept.subarray(0, at)
        const tail = kept.subarray(how === 'insert' ? at : at + 1)
        const between = how === 'flip' ? Buffer.of((kept[at] ?? 0) ^ 0x10) : Buffer.alloc(how === 'insert' ? 1 : 0)
        await plain.put('object.enc', chunksOf(head, between, tail))
        await expect(readAll(sealed.get('object'))).rejects.toMatchObject(DAMAGED)
      }),
      { numRuns: 60 },
    )
  })

  it('notices an object that was cut off, between two chunks as well (the mark of the last one)', async () => {
    const { plain, sealed } = stores()
    await sealed.put('object', chunksOf(someBytes(4 * 65_536)))
    const kept = await readAll(plain.get('object.enc'))
    for (const length of [0, 10, 32, 32 + 65_552, 32 + 2 * 65_552, kept.length - 1]) {
      await plain.put('object.enc', chunksOf(kept.subarray(0, length)))
      await expect(readAll(sealed.get('object'))).rejects.toMatchObject(DAMAGED)
    }
  })

  it('notices an object under the name of another (the authenticated name)', async () => {
    const { plain, sealed } = stores()
    await sealed.put('one', chunksOf(Buffer.from('one')))
    await plain.put('two.enc', plain.get('one.enc'))
    await expect(readAll(sealed.get('two'))).rejects.toMatchObject(DAMAGED)
  })

  it('has only what was encrypted', async () => {
    const { plain, sealed } = stores()
    await plain.put('foreign', chunksOf(Buffer.from('planted')))
    await plain.put('planted.enc', chunksOf(Buffer.from('planted, and long enough to have a header of its own')))
    expect(await keysOf(sealed.list(''))).toEqual(['planted'])
    await expect(readAll(sealed.get('foreign'))).rejects.toMatchObject({ code: 'NOORMME_BACKUP_MISSING' })
    await expect(readAll(sealed.get('planted'))).rejects.toMatchObject(DAMAGED)
  })

  it('says that another key was used', async () => {
    const { plain, sealed } = stores()
    await sealed.put('object', chunksOf(Buffer.from('text')))
    const other = encryptedStore(plain, Buffer.alloc(32, 8))
    await expect(readAll(other.get('object'))).rejects.toThrow('encrypted with another key')
  })
})

it.each([0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES])(
  'an object of %i bytes is listed with as many, so that its end is found',
  async (bytes) => {
    const { sealed } = stores()
    await sealed.put('object', chunksOf(someBytes(bytes)))
    for await (const object of sealed.list('')) expect(object).toEqual({ key: 'object', bytes })
    expect(await keysOf(sealed.list(''))).toEqual(['object'])
  },
)

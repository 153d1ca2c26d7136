/** What every store keeps to, whatever it is made of. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chunksOf, failingAfter, keysOf, readAll, someBytes } from '../../../test/support/bytes.ts'
import { startS3 } from '../../../test/support/s3-server.ts'
import { tempFolder } from '../../../test/support/temp-folder.ts'
import { compressedStore } from './compressed-store.ts'
import { encryptedStore } from './encrypted-store.ts'
import { FolderStore } from './folder-store.ts'
import { s3Store } from './s3-store.ts'
import type { BackupStore } from './types.ts'

const KEY = Buffer.alloc(32, 7)

async function bucket(): Promise<BackupStore> {
  const s3 = await startS3()
  return s3Store({ bucket: s3.bucket, prefix: 'app/', endpoint: s3.endpoint })
}

const STORES: Readonly<Record<string, () => Promise<BackupStore>>> = {
  'a folder': async () => new FolderStore(tempFolder()),
  'a bucket': bucket,
  encrypted: async () => encryptedStore(new FolderStore(tempFolder()), KEY),
  compressed: async () => compressedStore(new FolderStore(tempFolder())),
  'compressed and encrypted, in a bucket': async () => compressedStore(encryptedStore(await bucket(), KEY)),
}

const MIB = 1024 * 1024
/** Around the sizes at which something changes: chunks of 64 KiB, parts of 8 MiB. */
const SIZES = [0, 1, 65_535, 65_536, 65_537, 131_072, 8 * MIB - 1, 8 * MIB, 8 * MIB + 1, 17 * MIB + 3]

describe.each(Object.entries(STORES))('%s', (_name, make) => {
  it('gives back what was stored, of every size', async () => {
    const store = await make()
    for (const size of SIZES) {
      const bytes = someBytes(size, size + 1)
      await store.put('some/object', chunksOf(bytes.subarray(0, 70_000), bytes.subarray(70_000)), { bytes: size })
      expect((await readAll(store.get('some/object'))).equals(bytes)).toBe(true)
    }
    await store.close()
  })

  it('gives any part of it', async () => {
    const store = await make()
    const bytes = someBytes(300_000)
    await store.put('object', chunksOf(bytes))
    const place = fc.record({ offset: fc.nat(299_999), length: fc.nat(300_000) })
    await fc.assert(
      fc.asyncProperty(place, async ({ offset, length }) => {
        const part = await readAll(store.get('object', { offset, length }))
        expect(part.equals(bytes.subarray(offset, offset + length))).toBe(true)
      }),
      { numRuns: 40 },
    )
    await store.close()
  })

  it('lists by prefix, in the order of keys, and not what was deleted', async () => {
    const store = await make()
    for (const key of ['b/2', 'a/1', 'b/1', 'b/10', 'c']) await store.put(key, chunksOf(Buffer.from(key)))
    await store.delete('b/2')
    await store.delete('b/2')
    const keys = (prefix: string): Promise<string[]> => keysOf(store.list(prefix))
    expect(await keys('b/')).toEqual(['b/1', 'b/10'])
    expect(await keys('')).toEqual(['a/1', 'b/1', 'b/10', 'c'])
    expect(await keys('d')).toEqual([])
    await store.close()
  })

  it('replaces an object as a whole, and has nothing of one that was broken off', async () => {
    const store = await make()
    await store.put('object', chunksOf(someBytes(100_000, 1)))
    await store.put('object', chunksOf(Buffer.from('short')))
    expect((await readAll(store.get('object'))).toString()).toBe('short')
    const broken = new Error('the source ended early')
    await expect(store.put('object', failingAfter(broken, someBytes(9 * MIB)))).rejects.toThrow(
      'the source ended early',
    )
    await expect(store.put('other', failingAfter(broken, Buffer.from('half')))).rejects.toThrow(
      'the source ended early',
    )
    expect((await readAll(store.get('object'))).toString()).toBe('short')
    expect(await keysOf(store.list(''))).toEqual(['object'])
    await store.close()
  })

  it('names what is missing', async () => {
    const store = await make()
    await expect(readAll(store.get('nothing'))).rejects.toMatchObject({ code: 'NOORMME_BACKUP_MISSING' })
    await store.close()
  })
})

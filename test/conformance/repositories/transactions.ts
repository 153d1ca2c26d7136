/** Repositories inside transactions, snapshots and batches of calls. */
import { describe, expect, test } from 'vitest'
import { ARTISTS, type Backend, LABELS, type UserRole, WORKS, type Work } from './backend.ts'
import { freshTables, testWith } from './fixtures.ts'

export function transactions(backend: Backend): void {
  describe('a transaction', () => {
    test('keeps what all its repositories did', async () => {
      const { db, works, userRoles } = await freshTables(backend)
      const id = await db.transaction(async (tx) => {
        const created = await tx.getRepository<Work>('works').create({ artist_id: 1, title: 'Inside' })
        await tx.getRepository<UserRole>('user_roles').create({ user_id: 9, role_id: 9 })
        return created.id
      })
      expect(await works.findById(id)).toMatchObject({ title: 'Inside' })
      expect(await userRoles.exists({ user_id: 9, role_id: 9 })).toBe(true)
    })

    test('undoes what all its repositories did when it rejects', async () => {
      const { db, works, userRoles } = await freshTables(backend)
      const failing = db.transaction(async (tx) => {
        await tx.getRepository<Work>('works').update(1, { likes: 77 })
        await tx.getRepository<Work>('works').delete(2)
        await userRoles.delete({ user_id: 1, role_id: 1 })
        await works.createMany([{ artist_id: 1, title: 'a' }])
        throw new Error('undo')
      })
      await expect(failing).rejects.toThrow('undo')
      expect(await works.findAll({ orderBy: 'id' })).toEqual(WORKS)
      expect(await userRoles.count()).toBe(3)
    })

    test('sees its own writes, through repositories from outside too', async () => {
      const { db, artists } = await freshTables(backend)
      await db.transaction(async (tx) => {
        const { id } = await artists.create({ name: 'Per' })
        expect(await tx.getRepository('artists').findById(id)).toMatchObject({ name: 'Per' })
        expect(await artists.count()).toBe(ARTISTS.length + 1)
        expect((await artists.paginate({ limit: 1 })).pagination.total).toBe(ARTISTS.length + 1)
      })
    })

    test('goes on after a row that was refused', async () => {
      const { db, artists } = await freshTables(backend)
      await db.transaction(async () => {
        await artists.create({ name: 'Per' })
        await expect(artists.create({ id: 1, name: 'taken' })).rejects.toMatchObject({ code: 'NOORMME_UNIQUE' })
        await artists.create({ name: 'Quill' })
      })
      expect(await artists.count({ name: ['Per', 'Quill'] })).toBe(2)
    })

    test('holds every other way of writing and reading, and undoes them all', async () => {
      const { db, works, labels } = await freshTables(backend)
      const failing = db.transaction(async (tx) => {
        const inside = tx.getRepository<Work>('works')
        await inside.create<{ labels: object[] }>({ artist_id: 1, title: 'a', labels: [{ name: 'x' }] })
        await inside.upsert({ artist_id: 1, title: 'b', slug: 'moon' })
        await inside.upsertMany([{ artist_id: 1, title: 'c', slug: 'c' }])
        await labels.findOrCreate({ name: 'y' })
        await inside.updateMany({ id: 2 }, { likes: 70 })
        await inside.increment(3, 'likes')
        await works.deleteMany({ id: 5 })

        expect(await works.findWithRelations(1, ['labels'])).toMatchObject({ title: 'b', labels: { length: 2 } })
        expect((await inside.paginateByCursor({ limit: 2 })).data[1]?.likes).toBe(70)
        const titles: string[] = []
        for await (const { title } of inside.stream({ batchSize: 2 })) titles.push(title)
        expect(titles).toEqual(['b', 'Moonrise', '100% wool', 'tide_pool', 'a', 'c'])
        throw new Error('undo')
      })
      await expect(failing).rejects.toThrow('undo')
      expect(await works.findAll({ orderBy: 'id' })).toEqual(WORKS)
      expect(await labels.count()).toBe(LABELS.length)
    })

    test('nested in another is undone by itself', async () => {
      const { db, artists } = await freshTables(backend)
      await db.transaction(async (tx) => {
        await artists.create({ name: 'Per' })
        const inner = tx.transaction(async () => {
          await artists.create({ name: 'Quill' })
          throw new Error('undo')
        })
        await expect(inner).rejects.toThrow('undo')
      })
      expect(await artists.count({ name: 'Per' })).toBe(1)
      expect(await artists.count({ name: 'Quill' })).toBe(0)
    })

    test('takes turns with others, so that no increment is lost', async () => {
      const { db, works } = await freshTables(backend)
      const increment = () =>
        db.transaction(async (tx) => {
          const row = await tx.getRepository<Work>('works').findById(1)
          await tx.getRepository<Work>('works').update(1, { likes: (row?.likes ?? 0) + 1 })
        })
      await Promise.all(Array.from({ length: 20 }, increment))
      expect((await works.findById(1))?.likes).toBe(25)
    })

    testWith(backend, 'besideTransaction', 'is not seen from outside before it is committed', async () => {
      const { db, artists } = await freshTables(backend)
      await db.transaction(async () => {
        await artists.create({ name: 'Per' })
        expect(await db.detached(() => artists.count())).toBe(ARTISTS.length)
      })
      expect(await artists.count()).toBe(ARTISTS.length + 1)
    })
  })

  describe('a snapshot', () => {
    test('reads what there was when it began', async () => {
      const { db, artists } = await freshTables(backend)
      const names = await db.snapshot(async (snapshot) => {
        const inside = snapshot.getRepository<{ name: string }>('artists')
        return [await inside.count(), await inside.findById(1), await artists.count()]
      })
      expect(names).toEqual([ARTISTS.length, ARTISTS[0], ARTISTS.length])
    })

    testWith(backend, 'besideTransaction', 'does not see what is written meanwhile', async () => {
      const { db, artists } = await freshTables(backend)
      await db.snapshot(async (snapshot) => {
        const inside = snapshot.getRepository('artists')
        await inside.count()
        await db.detached(() => artists.create({ name: 'Per' }))
        expect(await inside.count()).toBe(ARTISTS.length)
      })
      expect(await artists.count()).toBe(ARTISTS.length + 1)
    })
  })
}

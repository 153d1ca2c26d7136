import { test } from 'vitest'
import { openRepositories } from '../../../test/support/open-repositories.ts'
test('smoke', async () => {
  await using db = await openRepositories(
    'CREATE TABLE artists(id INTEGER PRIMARY KEY, name TEXT)',
    'CREATE TABLE works(id INTEGER PRIMARY KEY, artist_id INTEGER REFERENCES artists, title TEXT, seen TEXT)',
    'CREATE TABLE comments(id INTEGER PRIMARY KEY, work_id INTEGER REFERENCES works, user_id INTEGER REFERENCES artists, body TEXT)',
    'CREATE TABLE tags(id INTEGER PRIMARY KEY, name TEXT)',
    'CREATE TABLE work_tags(work_id INTEGER REFERENCES works, tag_id INTEGER REFERENCES tags, PRIMARY KEY(work_id, tag_id)) WITHOUT ROWID',
    "INSERT INTO artists VALUES (1,'A'),(2,'B')",
    "INSERT INTO works VALUES (1,1,'w1','2026-01-01'),(2,1,'w2',NULL),(3,NULL,'w3',NULL)",
    "INSERT INTO comments VALUES (1,1,2,'c1'),(2,1,1,'c2'),(3,2,2,'c3'),(4,1,2,'c4')",
    "INSERT INTO tags VALUES (1,'t1'),(2,'t2')",
    'INSERT INTO work_tags VALUES (1,1),(1,2),(3,2)',
  )
  const works: any = await db.repository('works')
  const show = (x: unknown) => console.log(JSON.stringify(x, null, 1).replace(/\n\s*/g, ' '))
  show(await works.findAll({ with: { artist: true } }))
  show(await works.findAll({ select: ['title'], with: { artist: { with: { works: { select: ['id'] } } }, tags: true, comments: { limit: 2, orderBy: { id: 'desc' }, with: { user: { withCount: ['comments'] } } } }, withCount: { comments: { where: { body: { ne: 'c1' } } } } }))
  show(await works.findById(1, { with: { tags: true } }))
  show(await works.findWithRelations(1, ['artist', 'comments.user']))
  show(await works.withCount(1, ['comments', 'tags', 'artist']))
  show(await works.loadRelationships([{ id: 2 }, { id: 1 }, { id: 77 }, { id: 1 }], ['artist', 'comments']))
  show(await works.findAll({ where: { comments: { some: { user: { name: 'B' } }, every: { id: { lt: 4 } } } } }))
  show(await works.findAll({ where: { artist: null }, with: { tags: { limit: 1, offset: 0 } } }))
  show(await works.paginate({ limit: 1, page: 2, with: { artist: true, comments: true }, where: { seen: { ne: new Date() } } }))
  show(await works.paginate({ limit: 1, page: 9, with: { artist: true, comments: true } }))
})

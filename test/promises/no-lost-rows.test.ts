/** The promise "no lost rows": a migration that would take rows along which it does not name leaves nothing behind. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { tempDatabase } from '../support/temp-database.ts'
import { tempFolder } from '../support/temp-folder.ts'

const TABLES = `
CREATE TABLE artists (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE works (id INTEGER PRIMARY KEY, artist_id INTEGER REFERENCES artists (id) ON DELETE CASCADE);
INSERT INTO artists VALUES (1, 'Mira'), (2, 'Noor');
INSERT INTO works VALUES (1, 1), (2, 1), (3, 2);`

/** The usual way to change a column, which with foreign keys on deletes every work. */
const REBUILD = `
CREATE TABLE artists_new (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
INSERT INTO artists_new SELECT id, name FROM artists;
DROP TABLE artists;
ALTER TABLE artists_new RENAME TO artists;`

test('a table rebuilt under a cascading foreign key is refused with the rows it would have cost, and all are there', async () => {
  const { db } = tempDatabase()
  const folder = tempFolder()
  writeFileSync(join(folder, '0001_tables.sql'), TABLES)
  await db.migrate(folder)
  writeFileSync(join(folder, '0002_rebuild.sql'), REBUILD)

  await expect(db.migrate(folder)).rejects.toMatchObject({
    code: 'NOORMME_MIGRATION',
    message: expect.stringMatching(/works/),
  })

  expect(await db.getRepository('works').count()).toBe(3)
  expect(await db.getRepository('artists').count()).toBe(2)
  expect((await db.getSchemaInfo()).tables.map(({ name }) => name)).not.toContain('artists_new')
  await expect(db.migrate(folder)).rejects.toMatchObject({ code: 'NOORMME_MIGRATION' })
})

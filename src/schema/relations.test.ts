import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { schemaOf, tableNamed } from '../../test/support/schema-of.ts'
import { foldName } from './naming.ts'
import { findRelations } from './relations.ts'
import type { RelationInfo } from './types.ts'

/** Relations of one table of a schema, a line each: `hasMany posts: users(id) -> posts(author_id)`. */
async function relationsOf(table: string, sql: string): Promise<string[]> {
  return tableNamed(await schemaOf(sql), table).relations.map((relation) => describeRelation(relation))
}

function describeRelation(relation: RelationInfo): string {
  const { kind, name, columns, table, referencedColumns } = relation
  const through =
    relation.kind === 'manyToMany'
      ? ` through ${relation.through.table}(${relation.through.columns} | ${relation.through.otherColumns})`
      : ''
  return `${kind} ${name}: (${columns}) -> ${table}(${referencedColumns})${through}`
}

const USERS = 'CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT);'

describe('one key between two tables', () => {
  test.each([
    ['author_id', 'author'],
    ['authorId', 'author'],
    ['authorID', 'author'],
    ['AUTHOR_ID', 'AUTHOR'],
    ['größe_id', 'größe'],
    ['author', 'users'],
    ['paid', 'users'],
    ['_id', 'users'],
    ['id', 'users'],
  ])('the key column %s names belongsTo %s', async (column, name) => {
    const sql = `${USERS} CREATE TABLE posts(n, "${column}" REFERENCES users)`

    expect(await relationsOf('posts', sql)).toEqual([`belongsTo ${name}: (${column}) -> users(id)`])
    expect(await relationsOf('users', sql)).toEqual([`hasMany posts: (id) -> posts(${column})`])
  })

  test.each([
    ['unique', 'hasOne', 'user_id UNIQUE REFERENCES users', ''],
    ['the primary key', 'hasOne', 'user_id INTEGER PRIMARY KEY REFERENCES users', ''],
    ['unique by an index', 'hasOne', 'user_id REFERENCES users', 'CREATE UNIQUE INDEX i ON cards(user_id DESC)'],
    [
      'unique in some rows',
      'hasMany',
      'user_id REFERENCES users',
      'CREATE UNIQUE INDEX i ON cards(user_id) WHERE n > 1',
    ],
    ['unique as an expression', 'hasMany', 'user_id REFERENCES users', 'CREATE UNIQUE INDEX i ON cards(abs(user_id))'],
    ['one half of a unique key', 'hasMany', 'user_id REFERENCES users', 'CREATE UNIQUE INDEX i ON cards(user_id, n)'],
    ['indexed', 'hasMany', 'user_id REFERENCES users', 'CREATE INDEX i ON cards(user_id)'],
  ])('a key that is %s: %s', async (_, kind, column, index) => {
    expect(await relationsOf('users', `${USERS} CREATE TABLE cards(n, ${column}); ${index}`)).toEqual([
      `${kind} cards: (id) -> cards(user_id)`,
    ])
  })

  test('a composite key is named by the table, in the order of its columns', async () => {
    const sql = `
      CREATE TABLE accounts(tenant, number, PRIMARY KEY(tenant, number));
      CREATE TABLE bookings(id INTEGER PRIMARY KEY, tenant, account_number, FOREIGN KEY(tenant, account_number) REFERENCES accounts)`

    expect(await relationsOf('bookings', sql)).toEqual([
      'belongsTo accounts: (tenant,account_number) -> accounts(tenant,number)',
    ])
    expect(await relationsOf('accounts', sql)).toEqual([
      'hasMany bookings: (tenant,number) -> bookings(tenant,account_number)',
    ])
  })

  test('a table that refers to itself has both sides', async () => {
    expect(await relationsOf('staff', 'CREATE TABLE staff(id INTEGER PRIMARY KEY, boss_id REFERENCES staff)')).toEqual([
      'belongsTo boss: (boss_id) -> staff(id)',
      'hasMany staff: (id) -> staff(boss_id)',
    ])
  })

  test('a key declared twice is one relation', async () => {
    const sql = `${USERS} CREATE TABLE posts(user_id REFERENCES users, FOREIGN KEY(user_id) REFERENCES users(id))`

    expect(await relationsOf('users', sql)).toEqual(['hasMany posts: (id) -> posts(user_id)'])
  })

  test('views and tables of other tools have no relations', async () => {
    const schema = await schemaOf(`${USERS} CREATE VIEW v AS SELECT id AS user_id FROM users;
      CREATE TABLE _prisma_ledger(user_id REFERENCES users)`)

    expect([...schema.tables, ...schema.toolTables].flatMap(({ relations }) => relations)).toEqual([])
  })
})

describe('many to many', () => {
  const POSTS_TAGS = 'CREATE TABLE posts(id INTEGER PRIMARY KEY); CREATE TABLE tags(slug TEXT PRIMARY KEY);'

  test.each([
    ['its primary key', 'post_id REFERENCES posts, tag_slug REFERENCES tags, at, PRIMARY KEY(tag_slug, post_id)'],
    [
      'a unique key',
      'id INTEGER PRIMARY KEY, post_id REFERENCES posts, tag_slug REFERENCES tags, UNIQUE(post_id, tag_slug)',
    ],
  ])('two keys that make up %s join two tables', async (_, columns) => {
    const sql = `${POSTS_TAGS} CREATE TABLE post_tags(${columns})`

    expect(await relationsOf('posts', sql)).toEqual([
      'hasMany post_tags: (id) -> post_tags(post_id)',
      'manyToMany tags: (id) -> tags(slug) through post_tags(post_id | tag_slug)',
    ])
    expect(await relationsOf('tags', sql)).toEqual([
      'hasMany post_tags: (slug) -> post_tags(tag_slug)',
      'manyToMany posts: (slug) -> posts(id) through post_tags(tag_slug | post_id)',
    ])
  })

  test.each([
    ['nothing makes them unique', ''],
    ['the key has a third column', 'CREATE UNIQUE INDEX i ON post_tags(post_id, tag_slug, n)'],
    ['they are unique in some rows', 'CREATE UNIQUE INDEX i ON post_tags(post_id, tag_slug) WHERE n > 1'],
    ['one of them is unique by itself', 'CREATE UNIQUE INDEX i ON post_tags(post_id)'],
    ['the key is an expression', 'CREATE UNIQUE INDEX i ON post_tags(post_id, lower(tag_slug))'],
  ])('two keys join nothing when %s', async (_, index) => {
    const columns = 'n, post_id REFERENCES posts, tag_slug REFERENCES tags'

    const relations = await relationsOf('posts', `${POSTS_TAGS} CREATE TABLE post_tags(${columns}); ${index}`)

    expect(relations).toEqual([expect.stringMatching(/^has(One|Many) post_tags: \(id\) -> post_tags\(post_id\)$/)])
  })

  test('keys that share a tenant column join, a key inside another does not', async () => {
    const sql = `
      CREATE TABLE tenants(id INTEGER PRIMARY KEY);
      CREATE TABLE a(tenant_id REFERENCES tenants, id, PRIMARY KEY(tenant_id, id));
      CREATE TABLE b(tenant_id REFERENCES tenants, id, PRIMARY KEY(tenant_id, id));
      CREATE TABLE ab(tenant_id REFERENCES tenants, a_id, b_id, PRIMARY KEY(tenant_id, a_id, b_id),
        FOREIGN KEY(tenant_id, a_id) REFERENCES a, FOREIGN KEY(tenant_id, b_id) REFERENCES b);
      CREATE TABLE a_notes(tenant_id REFERENCES tenants, a_id, PRIMARY KEY(tenant_id, a_id),
        FOREIGN KEY(tenant_id, a_id) REFERENCES a)`

    expect((await relationsOf('a', sql)).filter((line) => line.startsWith('manyToMany'))).toEqual([
      'manyToMany b: (tenant_id,id) -> b(tenant_id,id) through ab(tenant_id,a_id | tenant_id,b_id)',
    ])
    expect((await relationsOf('tenants', sql)).filter((line) => line.startsWith('manyToMany'))).toEqual([])
  })

  test('a table joined to itself is reached from both keys', async () => {
    const sql = `${USERS} CREATE TABLE follows(follower_id REFERENCES users, followee_id REFERENCES users, PRIMARY KEY(follower_id, followee_id))`

    expect(await relationsOf('users', sql)).toEqual([
      'hasMany follows_by_follower: (id) -> follows(follower_id)',
      'hasMany follows_by_followee: (id) -> follows(followee_id)',
      'manyToMany users_by_follower: (id) -> users(id) through follows(follower_id | followee_id)',
      'manyToMany users_by_followee: (id) -> users(id) through follows(followee_id | follower_id)',
    ])
  })

  test('two join tables between the same tables are told apart by their names', async () => {
    const columns = 'post_id REFERENCES posts, tag_slug REFERENCES tags, PRIMARY KEY(post_id, tag_slug)'
    const sql = `${POSTS_TAGS} CREATE TABLE post_tags(${columns}); CREATE TABLE proposals(${columns})`

    expect((await relationsOf('posts', sql)).slice(2)).toEqual([
      'manyToMany tags_through_post_tags: (id) -> tags(slug) through post_tags(post_id | tag_slug)',
      'manyToMany tags_through_proposals: (id) -> tags(slug) through proposals(post_id | tag_slug)',
    ])
  })
})

describe('names that several relations want', () => {
  const nameList = async (table: string, sql: string) =>
    tableNamed(await schemaOf(sql), table).relations.map(({ name }) => name)

  test('two keys to one table are told apart by the column on the other side', async () => {
    const sql = `${USERS} CREATE TABLE posts(author_id REFERENCES users, editor_id REFERENCES users)`

    expect(await nameList('posts', sql)).toEqual(['author', 'editor'])
    expect(await nameList('users', sql)).toEqual(['posts_by_author', 'posts_by_editor'])
  })

  test('a column keeps its name, whatever its case', async () => {
    const sql = `
      CREATE TABLE users(id INTEGER PRIMARY KEY, "Posts" INTEGER);
      CREATE TABLE posts(author TEXT, author_id REFERENCES users)`

    expect(await nameList('posts', sql)).toEqual(['users'])
    expect(await nameList('users', sql)).toEqual(['posts_by_author'])
  })

  test('keys whose columns differ in their ending only are told apart by their columns', async () => {
    const sql = `${USERS} CREATE TABLE posts(author_id REFERENCES users, "authorId" REFERENCES users)`

    expect(await nameList('posts', sql)).toEqual(['users_by_author_id', 'users_by_authorId'])
    expect(await nameList('users', sql)).toEqual(['posts_by_author_id', 'posts_by_authorId'])
  })

  test('one column that refers to two tables belongs to both', async () => {
    const sql =
      'CREATE TABLE a(id PRIMARY KEY); CREATE TABLE b(id PRIMARY KEY); CREATE TABLE c(x_id REFERENCES a REFERENCES b)'

    expect(await nameList('c', sql)).toEqual(['a', 'b'])
  })

  test('when every name is taken by a column, a number tells them apart', async () => {
    const sql = `${USERS} CREATE TABLE posts(author_id REFERENCES users, author, users, users_by_author_id, users_by_author_id_2)`

    expect(await nameList('posts', sql)).toEqual(['users_by_author_id_3'])
  })
})

describe('any foreign keys', () => {
  const names = fc.constantFrom('a', 'A_id', 'a_id', 'aId', 'b', 'b_id', 't0', 't1', 't0_by_a', 't0_by_a_id')
  const table = fc.record({
    columns: fc.uniqueArray(names, { selector: foldName, minLength: 1, maxLength: 6 }),
    keys: fc.array(fc.tuple(fc.nat(5), fc.nat(2)), { maxLength: 5 }),
    unique: fc.array(fc.tuple(fc.nat(5), fc.nat(5)), { maxLength: 2 }),
  })

  test('no relation is lost, no two share a name, none hides a column, and the answer is always the same', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(table, { minLength: 3, maxLength: 3 }), async (tables) => {
        const column = (columns: readonly string[], index: number) => `"${columns[index % columns.length]}"`
        const sql = tables.map(({ columns, keys, unique }, number) => {
          const constraints = [
            ...keys.map(([from, to]) => `FOREIGN KEY(${column(columns, from)}) REFERENCES t${to}(id)`),
            ...unique.map(([x, y]) => `UNIQUE(${[...new Set([column(columns, x), column(columns, y)])]})`),
          ]
          const declared = columns.map((name) => `"${name}"`)
          return `CREATE TABLE t${number}(${['id INTEGER PRIMARY KEY', ...declared, ...constraints]})`
        })

        const schema = await schemaOf(sql.join(';'))

        const all = schema.tables.flatMap(({ relations }) => relations)
        const distinctKeys = new Set(
          tables.flatMap(({ columns, keys }, number) =>
            keys.map(([from, to]) => JSON.stringify([number, column(columns, from), to])),
          ),
        )
        expect(all.filter(({ kind }) => kind === 'belongsTo')).toHaveLength(distinctKeys.size)
        expect(all.filter(({ kind }) => kind === 'hasMany' || kind === 'hasOne')).toHaveLength(distinctKeys.size)
        expect(all.filter(({ kind }) => kind === 'manyToMany').length % 2).toBe(0)
        for (const { columns, relations } of schema.tables) {
          const taken = [...columns, ...relations].map(({ name }) => foldName(name))
          expect(new Set(taken).size).toBe(taken.length)
        }
        expect([...findRelations(schema.tables)].flatMap(([, relations]) => relations)).toEqual(all)
      }),
      { numRuns: 150 },
    )
  })
})

describe('names in camelCase', () => {
  test('are those of the columns’ spelling, and give way to columns as they are spelled', async () => {
    const { tables } = await schemaOf(`CREATE TABLE user_accounts(id INTEGER PRIMARY KEY);
      CREATE TABLE blog_posts(first_author_id REFERENCES user_accounts, main_author_id REFERENCES user_accounts, main_author)`)
    const names = (naming: 'stored' | 'camelCase') =>
      [...findRelations(tables, naming).values()].flat().map(({ name }) => name)

    expect(names('stored')).toEqual([
      'first_author',
      'user_accounts',
      'blog_posts_by_first_author',
      'blog_posts_by_main_author',
    ])
    expect(names('camelCase')).toEqual([
      'firstAuthor',
      'userAccounts',
      'blogPostsByFirstAuthor',
      'blogPostsByMainAuthor',
    ])
  })
})

/** Reads sent one by one that one query could do are told of; everything that only looks like it is not. */
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { Agent, createServer, get } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Kysely } from 'kysely'
import type { NOORMME, NPlusOneEvent, Repository } from 'noormme'
import { describe, expect, onTestFinished, test } from 'vitest'
import { tempDatabase } from './support/temp-database.ts'
import { tempFolder } from './support/temp-folder.ts'

interface User {
  readonly id: number
  readonly name: string
}

interface Post {
  readonly id: number
  readonly author_id: number
  readonly title: string
}

interface Blog {
  readonly db: NOORMME
  readonly kysely: Kysely<{ users: User; posts: Post }>
  readonly users: Repository<User>
  readonly posts: Repository<Post>
  readonly found: NPlusOneEvent[]
}

const ROWS = 12

async function openBlog(threshold = 10): Promise<Blog> {
  const { db } = tempDatabase({ optimization: { synchronous: 'OFF' }, performance: { nPlusOneThreshold: threshold } })
  await db.execute('CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT)')
  await db.execute('CREATE TABLE posts (id INTEGER PRIMARY KEY, author_id INTEGER REFERENCES users, title TEXT)')
  const users = db.getRepository<User>('users')
  const posts = db.getRepository<Post>('posts')
  const found: NPlusOneEvent[] = []
  db.on('nPlusOne', (event) => found.push(event))
  await users.createMany(Array.from({ length: ROWS }, (_, n) => ({ name: `user ${n + 1}` })))
  await posts.createMany(Array.from({ length: ROWS }, (_, n) => ({ author_id: n + 1, title: `post ${n + 1}` })))
  return { db, users, posts, found, kysely: db.getKysely() as unknown as Blog['kysely'] }
}

type Read = (blog: Blog, id: number) => Promise<unknown>

const READS: Readonly<Record<string, Read>> = {
  findById: ({ users }, id) => users.findById(id),
  findOne: ({ users }, id) => users.findOne({ where: { id } }),
  findAll: ({ users }, id) => users.findAll({ where: { id } }),
  'a finder': ({ users }, id) => users.findByName(`user ${id}`),
  exists: ({ users }, id) => users.exists(id),
  count: ({ posts }, id) => posts.count({ author_id: id }),
  paginate: ({ posts }, id) => posts.paginate({ where: { author_id: id } }),
  Kysely: ({ kysely }, id) => kysely.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst(),
  'SQL with a bound value': ({ db }, id) => db.execute('SELECT * FROM users WHERE id = ?', [id]),
  'SQL with the value in it': ({ db }, id) => db.execute(`SELECT * FROM users WHERE id = ${id}`),
}

describe.each(Object.entries(READS))('%s for each row', (_name, read) => {
  test('in a loop', async () => {
    const blog = await openBlog()
    async function listAuthors() {
      for (const { author_id } of await blog.posts.findAll()) await read(blog, author_id)
    }

    await listAuthors()

    expect(blog.found).toMatchObject([{ count: 10 }])
    for (const { origin } of blog.found) expect(origin).toMatch(/n-plus-one\.test\.ts/)
  })

  test('all in one go', async () => {
    const blog = await openBlog()

    const posts = await blog.posts.findAll()
    await Promise.all(posts.map(({ author_id }) => read(blog, author_id)))

    expect(blog.found).toMatchObject([{ count: 10 }])
  })
})

test('is found inside a transaction and a snapshot', async () => {
  const { db, found } = await openBlog()

  await db.transaction(async (tx) => {
    const users = tx.getRepository<User>('users')
    for (let id = 1; id <= ROWS; id++) await users.findById(id)
  })
  await db.snapshot(async (snapshot) => {
    for (let id = 1; id <= ROWS; id++) await snapshot.execute('SELECT name FROM users WHERE id = ?', [id])
  })

  expect(found.map(({ sql }) => sql)).toEqual([
    'SELECT "id", "name" FROM "users" WHERE "id" = +?',
    'SELECT name FROM users WHERE id = ?',
  ])
})

test('names the function that calls, tells again when it has doubled, and carries no value', async () => {
  const { users, found } = await openBlog(3)
  const loadAuthor = async (name: string) => await users.findByName(name)

  for (let n = 0; n < 13; n++) await loadAuthor(`MARKER ${n}`)

  expect(found.map(({ count }) => count)).toEqual([3, 6, 12])
  expect(found[0]?.origin).toMatch(/^at loadAuthor \(.*n-plus-one\.test\.ts:\d+:\d+\)$/)
  expect(JSON.stringify(found)).not.toContain('MARKER')
})

describe('the suggestion', () => {
  test('is the relation of the table that was listed, to one', async () => {
    const { users, posts, found } = await openBlog()

    for (const { author_id } of await posts.findAll()) await users.findById(author_id)

    expect(found[0]?.suggestion).toBe(
      'Read them with the rows of "posts": with: { author: true }. Or read them in one query: where: { id: [...] }.',
    )
  })

  test('and to many', async () => {
    const { users, posts, found } = await openBlog()

    for (const { id } of await users.findAll()) await posts.findManyByAuthorId(id)

    expect(found[0]?.suggestion).toBe(
      'Read them with the rows of "users": with: { posts: true }. Or read them in one query: where: { author_id: [...] }.',
    )
  })

  test('is one query where no relation fits', async () => {
    const { users, found } = await openBlog()

    for (let n = 0; n < ROWS; n++) await users.findByName(`user ${n}`)

    expect(found[0]?.suggestion).toBe('Read them in one query: where: { name: [...] }.')
  })
})

describe('is not what only looks like it:', () => {
  test('writes, however many', async () => {
    const { users, found } = await openBlog()

    for (let n = 0; n < ROWS; n++) await users.create({ name: `new ${n}` })
    for (let id = 1; id <= ROWS; id++) await users.update(id, { name: 'x' })
    for (let id = ROWS + 1; id <= 2 * ROWS; id++) await users.delete(id)
    await users.createMany(Array.from({ length: 50 }, (_, n) => ({ name: `many ${n}` })))

    expect(found).toEqual([])
  })

  test('rows that come in batches', async () => {
    const { db, users, found } = await openBlog()
    const ids = Array.from({ length: ROWS }, (_, n) => n + 1)

    await users.findAll({ where: { id: ids } })
    await db.batch(ids.map((id) => ({ sql: 'SELECT * FROM users WHERE id = ?', parameters: [id] })))

    expect(found).toEqual([])
  })

  test('a loader that gathers the calls of one turn', async () => {
    const { users, posts, found } = await openBlog()
    let waiting: { id: number; resolve: (user: User | undefined) => void }[] = []
    const load = (id: number) =>
      new Promise<User | undefined>((resolve) => {
        waiting.push({ id, resolve })
        if (waiting.length > 1) return
        process.nextTick(async () => {
          const batch = waiting
          waiting = []
          const rows = await users.findAll({ where: { id: batch.map((one) => one.id) } })
          for (const one of batch) one.resolve(rows.find((row) => row.id === one.id))
        })
      })

    const authors = await Promise.all((await posts.findAll()).map(({ author_id }) => load(author_id)))

    expect(authors).toHaveLength(ROWS)
    expect(found).toEqual([])
  })

  test('the same read with the same value', async () => {
    const { users, found } = await openBlog()

    for (let n = 0; n < 5 * ROWS; n++) await users.findById(1)

    expect(found).toEqual([])
  })

  test('different statements, and the same statement from places of its own', async () => {
    const { db, users, found } = await openBlog(3)

    for (const [n, columns] of ['id', 'name', 'id, name', 'name, id'].entries()) {
      await db.execute(`SELECT ${columns} FROM users WHERE id = ?`, [n])
    }
    await users.findById(1)
    await users.findById(2)
    await users.findById(3)
    await users.findById(4)

    expect(found).toEqual([])
  })

  test('fewer than the threshold', async () => {
    const { users, found } = await openBlog()

    for (let id = 1; id < 10; id++) await users.findById(id)

    expect(found).toEqual([])
  })

  test('a walk over all rows in pages', async () => {
    const { db, users, found } = await openBlog(3)

    for (let page = 1; page <= ROWS; page++) await users.paginate({ page, limit: 1 })
    for (let page = 1; page <= ROWS; page++) await users.paginate({ page, limit: 1, where: { name: 'user 1' } })
    for (let offset = 0; offset < ROWS; offset++) await users.findAll({ limit: 1, offset, where: { name: 'user 1' } })
    for (let id = 0; id < ROWS; id++) await users.findAll({ limit: 1, where: { name: 'user 1', id: { gt: id } } })
    for (let id = 0; id < ROWS; id++) await db.execute('SELECT * FROM users WHERE id > ? ORDER BY id LIMIT 1', [id])

    expect(found).toEqual([])
  })

  test('a stream', async () => {
    const { kysely, found } = await openBlog()

    for (let id = 1; id <= ROWS; id++) {
      for await (const _ of kysely.selectFrom('users').selectAll().where('id', '=', id).stream()) void _
    }

    expect(found).toEqual([])
  })

  test('what runs of one function ask at the same time, each once', async () => {
    const { users, found } = await openBlog()
    const showUser = async (id: number) => await users.findById(id)
    // All of them begin in the context of this call.
    await users.findById(1)
    const runs = Array.from({ length: 3 * ROWS }, (_, n) => n + 1)

    // Each begins in a turn of its own, as a message or a timer does.
    await Promise.all(runs.map((id) => new Promise((done) => setImmediate(() => done(showUser(id))))))

    expect(found).toEqual([])
  })

  test.each([true, false])(
    'visitors of a server that was started after a query (connections kept: %s)',
    async (keepAlive) => {
      const { db, users, found } = await openBlog()
      await users.findById(1)
      let asked = 1
      const server = createServer(async (_request, response) => {
        const id = asked++
        await users.findById(id)
        await db.getKysely().selectFrom('users').selectAll().where('id', '=', id).execute()
        response.end()
      })
      server.listen(0, '127.0.0.1')
      await once(server, 'listening')
      const agent = new Agent({ keepAlive, maxSockets: 4 })
      onTestFinished(() => {
        agent.destroy()
        server.close()
      })
      const { port } = server.address() as AddressInfo
      const visit = () =>
        new Promise((resolve, reject) => {
          get({ host: '127.0.0.1', port, agent }, (response) => response.resume().on('end', resolve)).on(
            'error',
            reject,
          )
        })

      await Promise.all(Array.from({ length: 5 * ROWS }, visit))

      expect(asked).toBe(5 * ROWS + 1)
      expect(found).toEqual([])
    },
  )
})

/** Node.js 22 keeps a context with the connection that a request comes on, so visitors of one connection share it. */
const CONTEXTS_OF_RESOURCES = process.allowedNodeEnvironmentFlags.has('--async-context-frame')
  ? ['--no-async-context-frame']
  : []

test('requests on one connection are not one loop where contexts belong to connections', async () => {
  const folder = tempFolder()
  const program = join(folder, 'server.ts')
  writeFileSync(
    program,
    `import { Agent, createServer, get } from 'node:http'
    import { NOORMME } from ${JSON.stringify(new URL('../src/index.ts', import.meta.url).href)}
    const db = new NOORMME(process.argv[2])
    await db.execute('CREATE TABLE users (id INTEGER PRIMARY KEY)')
    const users = db.getRepository('users')
    let asked = 0
    let found = 0
    db.on('nPlusOne', () => found++)
    const server = createServer(async (_request, response) => {
      await users.findById(asked++)
      response.end()
    })
    await new Promise((listening) => server.listen(0, '127.0.0.1', listening))
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const visit = () => new Promise((resolve, reject) => {
      get({ host: '127.0.0.1', port: server.address().port, agent }, (response) => response.resume().on('end', resolve)).on('error', reject)
    })
    for (let visitor = 0; visitor < 30; visitor++) await visit()
    console.log(JSON.stringify({ asked, found }))
    agent.destroy()
    server.close()
    await db.close()`,
  )

  const args = [...CONTEXTS_OF_RESOURCES, program, join(folder, 'app.db')]
  const { stdout } = await promisify(execFile)(process.execPath, args)

  expect(JSON.parse(stdout)).toEqual({ asked: 30, found: 0 })
})

test('a request that loops is found, in a server too', async () => {
  const { users, posts, found } = await openBlog()
  const server = createServer(async (_request, response) => {
    for (const { author_id } of await posts.findAll()) await users.findById(author_id)
    response.end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo

  const responses = [1, 2].map(async () => (await fetch(`http://127.0.0.1:${port}`)).text())
  await Promise.all(responses)

  expect(found).toHaveLength(2)
})

test('nothing is counted, and nothing left in the async context, while nobody listens', async () => {
  const { db } = tempDatabase()
  await db.execute('CREATE TABLE users (id INTEGER PRIMARY KEY)')
  const users = db.getRepository<{ id: number }>('users')
  const found: NPlusOneEvent[] = []

  for (let id = 1; id < 10; id++) await users.findById(id)
  const off = db.on('nPlusOne', (event) => found.push(event))
  for (let id = 1; id < 10; id++) await users.findById(id)
  off()
  for (let id = 10; id < 20; id++) await users.findById(id)

  expect(found).toEqual([])
})

/** Rows that are made together with the rows of their relations. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openRepositories } from '../../../test/support/open-repositories.ts'

const SHOP = [
  'CREATE TABLE customers(id INTEGER PRIMARY KEY, name TEXT NOT NULL)',
  `CREATE TABLE orders(id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers, note TEXT,
    total INTEGER NOT NULL DEFAULT 0)`,
  `CREATE TABLE items(order_id INTEGER NOT NULL REFERENCES orders, line INTEGER NOT NULL, price INTEGER NOT NULL,
    PRIMARY KEY(order_id, line)) WITHOUT ROWID`,
  `CREATE TABLE item_notes(id INTEGER PRIMARY KEY, order_id INTEGER, line INTEGER, text TEXT,
    FOREIGN KEY (order_id, line) REFERENCES items)`,
  'CREATE TABLE tags(id INTEGER PRIMARY KEY, name TEXT UNIQUE)',
  `CREATE TABLE order_tags(order_id INTEGER REFERENCES orders, tag_id INTEGER REFERENCES tags,
    PRIMARY KEY(order_id, tag_id))`,
  'CREATE TABLE receipts(id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL UNIQUE REFERENCES orders, number TEXT)',
]

describe('create with relations', () => {
  test('makes the row, those it refers to and those that refer to it, and returns them', async () => {
    await using db = await openRepositories(...SHOP)
    const orders = await db.repository('orders')

    const order = await orders.create({
      note: 'x',
      customer: { name: 'Mira' },
      items: [
        { line: 1, price: 5, item_notes: [{ text: 'a' }, { text: 'b' }] },
        { line: 2, price: 7 },
      ],
      receipts: { number: 'R1' },
      tags: [{ name: 'gift' }, { name: 'rush' }],
    })

    expect(order).toEqual({
      id: 1,
      customer_id: 1,
      note: 'x',
      total: 0,
      customer: { id: 1, name: 'Mira' },
      items: [
        {
          order_id: 1,
          line: 1,
          price: 5,
          item_notes: [
            { id: 1, order_id: 1, line: 1, text: 'a' },
            { id: 2, order_id: 1, line: 1, text: 'b' },
          ],
        },
        { order_id: 1, line: 2, price: 7 },
      ],
      receipts: { id: 1, order_id: 1, number: 'R1' },
      tags: [
        { id: 1, name: 'gift' },
        { id: 2, name: 'rush' },
      ],
    })
    expect(await (await db.repository('item_notes')).count({ order_id: 1, line: 1 })).toBe(2)
    expect(await (await db.repository('order_tags')).findAll({ orderBy: 'tag_id' })).toEqual([
      { order_id: 1, tag_id: 1 },
      { order_id: 1, tag_id: 2 },
    ])
  })

  test('all of them or none', async () => {
    await using db = await openRepositories(...SHOP)
    const orders = await db.repository('orders')
    const customer = { name: 'Mira' }

    for (const [nested, error] of [
      [
        {
          customer,
          items: [
            { line: 1, price: 1 },
            { line: 1, price: 2 },
          ],
        },
        { code: 'NOORMME_UNIQUE' },
      ],
      [{ customer, items: [{ line: 1, price: null }] }, { code: 'NOORMME_NOT_NULL' }],
      [{ customer, items: [{ line: 1, prise: 1 }] }, { message: expect.stringContaining('Did you mean "price"') }],
      [{ customer, itmes: [] }, { message: expect.stringContaining('Did you mean "items"') }],
      [
        { customer, items: { create: [] } },
        { message: expect.stringContaining('must be an array of rows of "items"') },
      ],
      [{ customer, items: [null] }, { code: 'NOORMME_VALIDATION' }],
      [{ customer, receipts: [{ number: '1' }] }, { code: 'NOORMME_VALIDATION' }],
      [{ customer: {} }, { code: 'NOORMME_NOT_NULL' }],
      [
        { customer, customer_id: 5 },
        { message: expect.stringContaining('orders.customer_id is given, and so is the row') },
      ],
      [{ customer, items: [{ line: 1, price: 1, order_id: 9 }] }, { code: 'NOORMME_VALIDATION' }],
      [{ customer_id: 77, items: [{ line: 1, price: 1 }] }, { code: 'NOORMME_FOREIGN_KEY' }],
    ] as const) {
      await expect(orders.create(nested as never)).rejects.toMatchObject(error)
    }
    for (const table of ['customers', 'orders', 'items', 'receipts']) {
      expect(await (await db.repository(table)).count(), table).toBe(0)
    }
  })

  test('null and no rows make none', async () => {
    await using db = await openRepositories(...SHOP, "INSERT INTO customers VALUES (1, 'A')")
    const orders = await db.repository('orders')

    expect(await orders.create({ customer_id: 1, customer: null, items: [] })).toEqual({
      id: 1,
      customer_id: 1,
      note: null,
      total: 0,
      items: [],
    })
  })

  test('data that refer to themselves end in an error', async () => {
    await using db = await openRepositories(
      'CREATE TABLE nodes(id INTEGER PRIMARY KEY, parent_id INTEGER REFERENCES nodes)',
    )
    const nodes = await db.repository('nodes')
    const node: Record<string, unknown> = {}
    node.nodes = [node]

    await expect(nodes.create(node)).rejects.toThrow(/nested deeper/)
    expect(await nodes.create({ nodes: [{ nodes: [{}] }], parent: {} })).toMatchObject({
      id: 2,
      parent_id: 1,
      nodes: [{ id: 3, parent_id: 2, nodes: [{ id: 4, parent_id: 3 }] }],
    })
    expect(await nodes.count()).toBe(4)
  })

  test('what triggers of the later rows made of the earlier ones is returned', async () => {
    await using db = await openRepositories(
      ...SHOP,
      `CREATE TRIGGER summed AFTER INSERT ON items BEGIN
        UPDATE orders SET total = total + new.price WHERE id = new.order_id; END`,
      `CREATE TRIGGER named AFTER INSERT ON orders BEGIN
        UPDATE customers SET name = name || '+' WHERE id = new.customer_id; END`,
    )
    const orders = await db.repository('orders')

    const order = await orders.create({
      customer: { name: 'Mira' },
      items: [
        { line: 1, price: 5 },
        { line: 2, price: 7 },
      ],
    })

    expect(order).toMatchObject({ total: 12, customer: { name: 'Mira+' }, items: [{ price: 5 }, { price: 7 }] })
  })

  test('a column of a relation’s name is the column', async () => {
    await using db = await openRepositories(
      'CREATE TABLE a(id INTEGER PRIMARY KEY, b JSON)',
      'CREATE TABLE b(id INTEGER PRIMARY KEY, a_id INTEGER REFERENCES a)',
    )
    const rows = await db.repository('a')

    expect(await rows.create({ b: [{ id: 1 }] })).toEqual({ id: 1, b: [{ id: 1 }] })
    expect(await (await db.repository('b')).count()).toBe(0)
  })

  test('inside a transaction it is part of it', async () => {
    await using db = await openRepositories(...SHOP)

    const failed = db.engine.transaction(async (tx) => {
      const orders = await db.repository('orders', { executor: tx })
      await orders.create({ customer: { name: 'A' }, items: [{ line: 1, price: 1 }] })
      await expect(orders.create({ customer: { name: 'B' }, items: [{ line: 1 }] })).rejects.toMatchObject({
        code: 'NOORMME_NOT_NULL',
      })
      expect(await orders.count()).toBe(1)
      throw new Error('undo')
    })

    await expect(failed).rejects.toThrow('undo')
    expect(await (await db.repository('customers')).count()).toBe(0)
  })

  test('the other writing methods say that they write columns only', async () => {
    await using db = await openRepositories(...SHOP, "INSERT INTO customers VALUES (1, 'A')")
    const customers = await db.repository('customers')

    for (const call of [
      () => customers.update(1, { orders: [] }),
      () => customers.update({ id: 1, orders: [] }),
      () => customers.createMany([{ name: 'B', orders: [] }]),
      () => customers.upsert({ id: 1, name: 'B', orders: [] }),
      () => customers.updateMany({ id: 1 }, { orders: [] }),
    ]) {
      await expect(call()).rejects.toThrow(/customers\.orders is a relation/)
    }
  })

  test('rows of many parents travel together, in groups', async () => {
    await using db = await openRepositories(...SHOP)
    const customers = await db.repository('customers', { maxBatchSize: 3 })
    const orders = Array.from({ length: 10 }, (_, note) => ({
      note: String(note),
      items: Array.from({ length: note }, (_, line) => ({ line, price: 1 })),
    }))

    const customer = await customers.create({ name: 'A', orders })

    expect(customer.orders).toMatchObject(orders)
    expect(await (await db.repository('items')).count()).toBe(45)
  })

  test('any tree of rows is stored as it is returned, and nothing else is', async () => {
    await using db = await openRepositories(...SHOP)
    const tables = ['customers', 'orders', 'items', 'item_notes', 'tags', 'order_tags', 'receipts']
    const repositories = Object.fromEntries(
      await Promise.all(tables.map(async (name) => [name, await db.repository(name, { maxBatchSize: 2 })] as const)),
    )
    const countAll = async () =>
      Object.fromEntries(await Promise.all(tables.map(async (name) => [name, await repositories[name]?.count()])))
    const note = fc.record({ text: fc.string() })
    const item = fc.record(
      { price: fc.nat(), item_notes: fc.array(note, { maxLength: 2 }) },
      { requiredKeys: ['price'] },
    )
    const order = fc.record(
      {
        note: fc.option(fc.string()),
        items: fc.array(item, { maxLength: 3 }).map((items) => items.map((one, line) => ({ ...one, line }))),
        receipts: fc.option(fc.record({ number: fc.string() })),
        tags: fc.array(fc.constant({}), { maxLength: 2 }),
      },
      { requiredKeys: [] },
    )
    const customer = fc.record(
      { name: fc.string(), orders: fc.array(order, { maxLength: 3 }) },
      { requiredKeys: ['name'] },
    )

    /** Looks every row of the tree up by its key, and counts them by table. */
    const checkStored = async (table: string, row: Record<string, unknown>, counts: Record<string, number>) => {
      counts[table] = (counts[table] ?? 0) + 1
      const columns = Object.entries(row).filter(([, value]) => typeof value !== 'object' || value === null)
      const own = Object.fromEntries(columns.filter(([name]) => name !== 'receipts'))
      expect(await repositories[table]?.findOne({ where: own }), table).toEqual(own)
      for (const [name, value] of Object.entries(row)) {
        if (typeof value !== 'object' || value === null) continue
        for (const child of [value].flat()) await checkStored(name, child as Record<string, unknown>, counts)
        if (name === 'tags') counts.order_tags = (counts.order_tags ?? 0) + [value].flat().length
      }
    }

    await fc.assert(
      fc.asyncProperty(customer, async (tree) => {
        const before = await countAll()
        const counts: Record<string, number> = {}

        await checkStored(
          'customers',
          await (repositories.customers as (typeof repositories)[string]).create(tree),
          counts,
        )

        const after = await countAll()
        for (const table of tables) expect(after[table], table).toBe((before[table] ?? 0) + (counts[table] ?? 0))
      }),
      { numRuns: 25 },
    )
  })
})

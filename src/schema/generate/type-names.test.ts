import { describe, expect, test } from 'vitest'
import { singular } from './singular.ts'
import { typeNames } from './type-names.ts'

const rows = (...tables: string[]) =>
  [...typeNames(tables.toSorted())].map(([table, { row }]) => `${table}: ${row}`).sort()

describe('singular', () => {
  test.each(
    `users user, categories category, addresses address, status status, statuses status, buses bus, houses house, boxes box,
    cases case, databases database, news news, analyses analysis, movies movie, people person, children child, data data,
    leaves leaf, aliases alias, heroes hero, shoes shoe, dates date, keys key, wishes wish, quizzes quiz, series series,
    classes class, bonuses bonus, viruses virus, images image, responses response, courses course, menus menu, photos photo,
    indexes index, Categories Category, is is, gas gas`
      .split(',')
      .map((pair) => pair.trim().split(' ') as [string, string]),
  )('of %s is %s', (plural, one) => {
    expect(singular(plural)).toBe(one)
  })
})

describe('typeNames', () => {
  test('follow Kysely’s convention', () => {
    expect(typeNames(['user_settings']).get('user_settings')).toEqual({
      row: 'UserSetting',
      insert: 'NewUserSetting',
      update: 'UserSettingUpdate',
      table: 'UserSettingsTable',
      kyselyTable: 'UserSettingsTableInKysely',
    })
  })

  test('are names that TypeScript has, whatever the table is called', () => {
    expect(rows('2fa', 'order-items', 'a"b', 'class', 'Größen', '🎨', '_x', 'ORDERS', 'orderLines', ' ', 'x²')).toEqual(
      [
        ' : Table',
        '2fa: _2fa',
        '_x: X',
        'a"b: AB',
        'class: Class',
        'Größen: Größen',
        'order-items: OrderItem',
        'ORDERS: Order',
        'orderLines: OrderLine',
        'x²: X2',
        '🎨: Table2',
      ].sort(),
    )
  })

  test('keep the plural where two tables want the singular, then are numbered', () => {
    expect(rows('user', 'users')).toEqual(['user: User', 'users: Users'])
    expect(rows('order items', 'order-items', 'order_items')).toEqual([
      'order items: OrderItems',
      'order-items: OrderItems2',
      'order_items: OrderItems3',
    ])
  })

  test('never shadow what the file uses', () => {
    expect(rows('dates', 'db', 'DB', 'relations', 'generated', 'sql_values')).toEqual([
      'DB: Db',
      'dates: Dates',
      'db: Db2',
      'generated: Generated2',
      'relations: Relation',
      'sql_values: SqlValues',
    ])
  })

  test('give way to those of a table that comes before', () => {
    expect(rows('new_users', 'users')).toEqual(['new_users: NewUser', 'users: Users'])
    expect(rows('users')).toEqual(['users: User'])
  })

  test('are never given twice', () => {
    const tables = ['a', 'as', 'new_a', 'NewA', 'a_table', 'aTable', 'a_update', 'aTableInKysely', 'A']
    const all = [...typeNames(tables).values()].flatMap((names) => Object.values(names))

    expect(new Set(all).size).toBe(all.length)
  })
})

/**
 * The tables of the database as TypeScript sees them.
 * Made by `noormme generate`: run it again when the schema has changed, do not edit.
 *
 * An INTEGER beyond 2^53 is a bigint at runtime, also where its type is number. A table that is not STRICT may hold
 * values of other types than it declares; they come as they are stored.
 */
import type {
  ColumnType,
  Generated,
  GeneratedAlways,
  Insertable,
  Json,
  SchemaDescription,
  Selectable,
  SqlValue,
  Updateable,
} from 'noormme'

export interface _2faTable {
  id: Generated<number>
}
export type _2fa = Selectable<_2faTable>
export type New_2fa = Insertable<_2faTable>
export type _2faUpdate = Updateable<_2faTable>

export interface AuthorsTable {
  id: GeneratedAlways<number | null>
  email: GeneratedAlways<string | null>
  is_active: GeneratedAlways<boolean | null>
  post_count: GeneratedAlways<SqlValue>
}
export type Author = Selectable<AuthorsTable>

export interface AuthorsTableInKysely extends Omit<AuthorsTable, 'is_active'> {
  is_active: GeneratedAlways<number | null>
}

export interface DatesTable {
  id: Generated<number>
  day: ColumnType<string, string | Date, string | Date>
}
export type Dates = Selectable<DatesTable>
export type NewDates = Insertable<DatesTable>
export type DatesUpdate = Updateable<DatesTable>

export interface KeyedByIntTable {
  id: number | null
  label: string | null
}
export type KeyedByInt = Selectable<KeyedByIntTable>
export type NewKeyedByInt = Insertable<KeyedByIntTable>
export type KeyedByIntUpdate = Updateable<KeyedByIntTable>

export interface KeyedByTextTable {
  id: string | null
  status: string | null
}
export type KeyedByText = Selectable<KeyedByTextTable>
export type NewKeyedByText = Insertable<KeyedByTextTable>
export type KeyedByTextUpdate = Updateable<KeyedByTextTable>

export interface KeyedDescendingTable {
  id: number | null
  kind: string
}
export type KeyedDescending = Selectable<KeyedDescendingTable>
export type NewKeyedDescending = Insertable<KeyedDescendingTable>
export type KeyedDescendingUpdate = Updateable<KeyedDescendingTable>

export interface KeyedStrictlyTable {
  id: string
  any_value: NonNullable<SqlValue>
  whole: number | null
}
export type KeyedStrictly = Selectable<KeyedStrictlyTable>
export type NewKeyedStrictly = Insertable<KeyedStrictlyTable>
export type KeyedStrictlyUpdate = Updateable<KeyedStrictlyTable>

export interface OrderItemsTable {
  class: string
  '2nd line': string | null
  'say "hi"': number | null
  '🎨': string | null
  ['__proto__']: string | null
}
export type OrderItems = Selectable<OrderItemsTable>
export type NewOrderItems = Insertable<OrderItemsTable>
export type OrderItemsUpdate = Updateable<OrderItemsTable>

export interface OrderItems2Table {
  id: Generated<number>
}
export type OrderItems2 = Selectable<OrderItems2Table>
export type NewOrderItems2 = Insertable<OrderItems2Table>
export type OrderItems2Update = Updateable<OrderItems2Table>

export interface PlacesTable {
  id: number | null
  min_x: number | null
  max_x: number | null
  label: SqlValue
}
export type Place = Selectable<PlacesTable>
export type NewPlace = Insertable<PlacesTable>
export type PlaceUpdate = Updateable<PlacesTable>

export interface PostSearchTable {
  title: string | null
  body: string | null
}
export type PostSearch = Selectable<PostSearchTable>
export type NewPostSearch = Insertable<PostSearchTable>
export type PostSearchUpdate = Updateable<PostSearchTable>

export interface PostSearchTableInKysely extends PostSearchTable {
  rowid: Generated<number>
  rank: GeneratedAlways<number>
}

export interface PostsTable {
  id: Generated<number>
  author_id: number
  reviewer_id: number | null
  title: string
  slug: GeneratedAlways<string>
  words: GeneratedAlways<number | null>
  price: number | null
  required: string
  anything: SqlValue
  code: SqlValue
}
export type Post = Selectable<PostsTable>
export type NewPost = Insertable<PostsTable>
export type PostUpdate = Updateable<PostsTable>

export interface TagsTable {
  post_id: number
  tag: string
}
export type Tag = Selectable<TagsTable>
export type NewTag = Insertable<TagsTable>
export type TagUpdate = Updateable<TagsTable>

export interface TitlesTable {
  id: number | null
  title: string | null
}
export type Title = Selectable<TitlesTable>
export type NewTitle = Insertable<TitlesTable>
export type TitleUpdate = Updateable<TitlesTable>

export interface UsersTable {
  id: Generated<number>
  email: string
  user_name: Generated<string>
  role: Generated<'reader' | 'author' | "it's admin">
  is_active: Generated<boolean>
  settings: import('./settings.ts').Settings | null
  address: ColumnType<Json, Json | object | undefined, Json | object>
  followers: ColumnType<bigint, bigint | number | undefined, bigint | number>
  born_on: ColumnType<string | null, string | Date | null, string | Date | null>
  created_at: ColumnType<string, string | Date | undefined, string | Date>
  seen_at: ColumnType<string | null, string | Date | null, string | Date | null>
  expires: Generated<number | null>
  photo: Uint8Array | null
  score: Generated<number>
  level: 1 | 2 | null
}
export type User = Selectable<UsersTable>
export type NewUser = Insertable<UsersTable>
export type UserUpdate = Updateable<UsersTable>

export interface UsersTableInKysely extends Omit<UsersTable, 'is_active' | 'settings' | 'address' | 'followers'> {
  is_active: ColumnType<number, number | boolean | undefined, number | boolean>
  settings: string | null
  address: Generated<string>
  followers: Generated<number | bigint>
}

/** Every table and view. */
export interface DB {
  '2fa': _2faTable
  authors: AuthorsTable
  dates: DatesTable
  keyed_by_int: KeyedByIntTable
  keyed_by_text: KeyedByTextTable
  keyed_descending: KeyedDescendingTable
  keyed_strictly: KeyedStrictlyTable
  'order-items': OrderItemsTable
  order_items: OrderItems2Table
  places: PlacesTable
  post_search: PostSearchTable
  posts: PostsTable
  tags: TagsTable
  titles: TitlesTable
  users: UsersTable
}

/** The same for Kysely, which returns what is stored: BOOLEAN as 0 and 1, JSON as text. */
export interface KyselyDB extends Omit<DB, 'authors' | 'post_search' | 'users'> {
  authors: AuthorsTableInKysely
  post_search: PostSearchTableInKysely
  users: UsersTableInKysely
}

/** What `with` can load. */
export interface Relations {
  posts: {
    author: { table: 'users'; many: false; nullable: false }
    reviewer: { table: 'users'; many: false; nullable: true }
    tags: { table: 'tags'; many: true }
  }
  tags: {
    post: { table: 'posts'; many: false; nullable: false }
  }
  users: {
    posts_by_author: { table: 'posts'; many: true }
    posts_by_reviewer: { table: 'posts'; many: true }
  }
}

declare module 'noormme' {
  interface Register {
    database: DB
    kysely: KyselyDB
    relations: Relations
  }
}

/** What these types were made from. As `introspection.schema` it has a database that differs reported at start. */
export const schema: SchemaDescription = {
  naming: 'stored',
  dates: 'text',
  tables: {
    '2fa': {
      id: 'INTEGER PRIMARY KEY',
    },
    authors: {
      id: 'INTEGER',
      email: 'TEXT',
      is_active: 'BOOLEAN',
      post_count: '',
    },
    dates: {
      id: 'INTEGER PRIMARY KEY',
      day: 'DATE NOT NULL',
    },
    keyed_by_int: {
      id: 'INT PRIMARY KEY',
      label: 'TEXT',
    },
    keyed_by_text: {
      id: 'TEXT PRIMARY KEY',
      status: 'TEXT',
    },
    keyed_descending: {
      id: 'INTEGER PRIMARY KEY',
      kind: 'TEXT NOT NULL',
    },
    keyed_strictly: {
      id: 'TEXT PRIMARY KEY NOT NULL',
      any_value: 'ANY NOT NULL',
      whole: 'INT',
    },
    'order-items': {
      class: 'TEXT NOT NULL',
      '2nd line': 'TEXT',
      'say "hi"': 'INTEGER',
      '🎨': 'TEXT',
      ['__proto__']: 'TEXT',
    },
    order_items: {
      id: 'INTEGER PRIMARY KEY',
    },
    places: {
      id: 'INT',
      min_x: 'REAL',
      max_x: 'REAL',
      label: '',
    },
    post_search: {
      title: '',
      body: '',
    },
    posts: {
      id: 'INTEGER PRIMARY KEY',
      author_id: 'INTEGER NOT NULL REFERENCES users',
      reviewer_id: 'INT REFERENCES users',
      title: 'VARCHAR(200) NOT NULL',
      slug: 'TEXT NOT NULL GENERATED',
      words: 'INT GENERATED',
      price: 'DECIMAL(10, 2)',
      required: 'TEXT NOT NULL',
      anything: '',
      code: 'UUID',
    },
    tags: {
      post_id: 'INTEGER PRIMARY KEY NOT NULL REFERENCES posts',
      tag: 'TEXT PRIMARY KEY NOT NULL',
    },
    titles: {
      id: 'INTEGER',
      title: 'VARCHAR(200)',
    },
    users: {
      id: 'INTEGER PRIMARY KEY',
      email: 'TEXT NOT NULL UNIQUE',
      user_name: 'TEXT NOT NULL DEFAULT',
      role: "TEXT NOT NULL DEFAULT IN ('reader', 'author', 'it''s admin')",
      is_active: 'BOOLEAN NOT NULL DEFAULT',
      settings: 'JSON',
      address: 'JSONB NOT NULL DEFAULT',
      followers: 'BIGINT NOT NULL DEFAULT',
      born_on: 'DATE',
      created_at: 'TEXT NOT NULL DEFAULT',
      seen_at: 'DATETIME',
      expires: 'TIMESTAMP DEFAULT',
      photo: 'BLOB',
      score: 'REAL NOT NULL DEFAULT',
      level: 'INTEGER IN (1, 2)',
    },
  },
}

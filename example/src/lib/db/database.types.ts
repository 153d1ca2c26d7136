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
  SchemaDescription,
  Selectable,
  Updateable,
} from 'noormme'

export interface ArtistsTable {
  id: Generated<number>
  slug: string
  name: string
  place: string
  bio: string
  work_count: Generated<number>
}
export type Artist = Selectable<ArtistsTable>
export type NewArtist = Insertable<ArtistsTable>
export type ArtistUpdate = Updateable<ArtistsTable>

export interface ArtworkSearchTable {
  title: string | null
  artist: string | null
  tags: string | null
}
export type ArtworkSearch = Selectable<ArtworkSearchTable>
export type NewArtworkSearch = Insertable<ArtworkSearchTable>
export type ArtworkSearchUpdate = Updateable<ArtworkSearchTable>

export interface ArtworkSearchTableInKysely extends ArtworkSearchTable {
  rowid: Generated<number>
  rank: GeneratedAlways<number>
}

export interface ArtworkTagsTable {
  artwork_id: number
  tag_id: number
}
export type ArtworkTag = Selectable<ArtworkTagsTable>
export type NewArtworkTag = Insertable<ArtworkTagsTable>
export type ArtworkTagUpdate = Updateable<ArtworkTagsTable>

export interface ArtworksTable {
  id: Generated<number>
  artist_id: number
  title: string
  style: 'dunes' | 'currents' | 'honeycomb' | 'orbits' | 'glass' | 'tides' | 'petals' | 'quilt'
  seed: number
  story: string
  price_cents: number
  edition: number
  stock: number
  likes: Generated<number>
  created_at: ColumnType<string, string | Date | undefined, string | Date>
}
export type Artwork = Selectable<ArtworksTable>
export type NewArtwork = Insertable<ArtworksTable>
export type ArtworkUpdate = Updateable<ArtworksTable>

export interface CartItemsTable {
  visitor_id: number
  artwork_id: number
  quantity: number
  added_at: ColumnType<string, string | Date | undefined, string | Date>
}
export type CartItem = Selectable<CartItemsTable>
export type NewCartItem = Insertable<CartItemsTable>
export type CartItemUpdate = Updateable<CartItemsTable>

export interface CommentsTable {
  id: Generated<number>
  artwork_id: number
  visitor_id: number
  name: string
  body: string
  created_at: ColumnType<string, string | Date | undefined, string | Date>
}
export type Comment = Selectable<CommentsTable>
export type NewComment = Insertable<CommentsTable>
export type CommentUpdate = Updateable<CommentsTable>

export interface LikesTable {
  artwork_id: number
  visitor_id: number
}
export type Like = Selectable<LikesTable>
export type NewLike = Insertable<LikesTable>
export type LikeUpdate = Updateable<LikesTable>

export interface OrderCopiesTable {
  id: Generated<number>
  order_id: number
  artwork_id: number
  copy: number
  price_cents: number
}
export type OrderCopy = Selectable<OrderCopiesTable>
export type NewOrderCopy = Insertable<OrderCopiesTable>
export type OrderCopyUpdate = Updateable<OrderCopiesTable>

export interface OrdersTable {
  id: Generated<number>
  reference: string
  visitor_id: number
  checkout_token: string
  name: string
  total_cents: number
  created_at: ColumnType<string, string | Date | undefined, string | Date>
}
export type Order = Selectable<OrdersTable>
export type NewOrder = Insertable<OrdersTable>
export type OrderUpdate = Updateable<OrdersTable>

export interface TagsTable {
  id: Generated<number>
  name: string
}
export type Tag = Selectable<TagsTable>
export type NewTag = Insertable<TagsTable>
export type TagUpdate = Updateable<TagsTable>

export interface VisitorsTable {
  id: Generated<number>
  token_hash: string
  created_at: ColumnType<string, string | Date | undefined, string | Date>
}
export type Visitor = Selectable<VisitorsTable>
export type NewVisitor = Insertable<VisitorsTable>
export type VisitorUpdate = Updateable<VisitorsTable>

/** Every table and view. */
export interface DB {
  artists: ArtistsTable
  artwork_search: ArtworkSearchTable
  artwork_tags: ArtworkTagsTable
  artworks: ArtworksTable
  cart_items: CartItemsTable
  comments: CommentsTable
  likes: LikesTable
  order_copies: OrderCopiesTable
  orders: OrdersTable
  tags: TagsTable
  visitors: VisitorsTable
}

/** The same for Kysely, which returns what is stored: BOOLEAN as 0 and 1, JSON as text. */
export interface KyselyDB extends Omit<DB, 'artwork_search'> {
  artwork_search: ArtworkSearchTableInKysely
}

/** What `with` can load. */
export interface Relations {
  artists: {
    artworks: { table: 'artworks'; many: true }
  }
  artwork_tags: {
    artwork: { table: 'artworks'; many: false; nullable: false }
    tag: { table: 'tags'; many: false; nullable: false }
  }
  artworks: {
    artist: { table: 'artists'; many: false; nullable: false }
    artwork_tags: { table: 'artwork_tags'; many: true }
    cart_items: { table: 'cart_items'; many: true }
    comments: { table: 'comments'; many: true }
    likes_by_artwork: { table: 'likes'; many: true }
    order_copies: { table: 'order_copies'; many: true }
    tags: { table: 'tags'; many: true }
    visitors_through_cart_items: { table: 'visitors'; many: true }
    visitors_through_likes: { table: 'visitors'; many: true }
  }
  cart_items: {
    visitor: { table: 'visitors'; many: false; nullable: false }
    artwork: { table: 'artworks'; many: false; nullable: false }
  }
  comments: {
    artwork: { table: 'artworks'; many: false; nullable: false }
    visitor: { table: 'visitors'; many: false; nullable: false }
  }
  likes: {
    artwork: { table: 'artworks'; many: false; nullable: false }
    visitor: { table: 'visitors'; many: false; nullable: false }
  }
  order_copies: {
    order: { table: 'orders'; many: false; nullable: false }
    artwork: { table: 'artworks'; many: false; nullable: false }
  }
  orders: {
    visitor: { table: 'visitors'; many: false; nullable: false }
    order_copies: { table: 'order_copies'; many: true }
  }
  tags: {
    artwork_tags: { table: 'artwork_tags'; many: true }
    artworks: { table: 'artworks'; many: true }
  }
  visitors: {
    cart_items: { table: 'cart_items'; many: true }
    comments: { table: 'comments'; many: true }
    likes: { table: 'likes'; many: true }
    orders: { table: 'orders'; many: true }
    artworks_through_cart_items: { table: 'artworks'; many: true }
    artworks_through_likes: { table: 'artworks'; many: true }
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
    artists: {
      id: 'INTEGER PRIMARY KEY',
      slug: 'TEXT NOT NULL UNIQUE',
      name: 'TEXT NOT NULL',
      place: 'TEXT NOT NULL',
      bio: 'TEXT NOT NULL',
      work_count: 'INTEGER NOT NULL DEFAULT',
    },
    artwork_search: {
      title: '',
      artist: '',
      tags: '',
    },
    artwork_tags: {
      artwork_id: 'INTEGER PRIMARY KEY NOT NULL REFERENCES artworks',
      tag_id: 'INTEGER PRIMARY KEY NOT NULL REFERENCES tags',
    },
    artworks: {
      id: 'INTEGER PRIMARY KEY',
      artist_id: 'INTEGER NOT NULL REFERENCES artists',
      title: 'TEXT NOT NULL',
      style: "TEXT NOT NULL IN ('dunes', 'currents', 'honeycomb', 'orbits', 'glass', 'tides', 'petals', 'quilt')",
      seed: 'INTEGER NOT NULL',
      story: 'TEXT NOT NULL',
      price_cents: 'INTEGER NOT NULL',
      edition: 'INTEGER NOT NULL',
      stock: 'INTEGER NOT NULL',
      likes: 'INTEGER NOT NULL DEFAULT',
      created_at: 'TEXT NOT NULL DEFAULT',
    },
    cart_items: {
      visitor_id: 'INTEGER PRIMARY KEY NOT NULL REFERENCES visitors',
      artwork_id: 'INTEGER PRIMARY KEY NOT NULL REFERENCES artworks',
      quantity: 'INTEGER NOT NULL',
      added_at: 'TEXT NOT NULL DEFAULT',
    },
    comments: {
      id: 'INTEGER PRIMARY KEY',
      artwork_id: 'INTEGER NOT NULL REFERENCES artworks',
      visitor_id: 'INTEGER NOT NULL REFERENCES visitors',
      name: 'TEXT NOT NULL',
      body: 'TEXT NOT NULL',
      created_at: 'TEXT NOT NULL DEFAULT',
    },
    likes: {
      artwork_id: 'INTEGER PRIMARY KEY NOT NULL REFERENCES artworks',
      visitor_id: 'INTEGER PRIMARY KEY NOT NULL REFERENCES visitors',
    },
    order_copies: {
      id: 'INTEGER PRIMARY KEY',
      order_id: 'INTEGER NOT NULL REFERENCES orders',
      artwork_id: 'INTEGER NOT NULL REFERENCES artworks',
      copy: 'INTEGER NOT NULL',
      price_cents: 'INTEGER NOT NULL',
    },
    orders: {
      id: 'INTEGER PRIMARY KEY',
      reference: 'TEXT NOT NULL UNIQUE',
      visitor_id: 'INTEGER NOT NULL REFERENCES visitors',
      checkout_token: 'TEXT NOT NULL',
      name: 'TEXT NOT NULL',
      total_cents: 'INTEGER NOT NULL',
      created_at: 'TEXT NOT NULL DEFAULT',
    },
    tags: {
      id: 'INTEGER PRIMARY KEY',
      name: 'TEXT NOT NULL UNIQUE',
    },
    visitors: {
      id: 'INTEGER PRIMARY KEY',
      token_hash: 'TEXT NOT NULL UNIQUE',
      created_at: 'TEXT NOT NULL DEFAULT',
    },
  },
}

/** The tables of the gallery as TypeScript sees them, for typed repositories and for Kysely; see `migrations/`. */
import type { Generated, Insertable, Selectable } from 'kysely'
import type { Style } from '../art/styles.ts'

export interface GalleryDatabase {
  artists: ArtistsTable
  artworks: ArtworksTable
  artwork_search: ArtworkSearchTable
  tags: TagsTable
  artwork_tags: ArtworkTagsTable
  visitors: VisitorsTable
  likes: LikesTable
  comments: CommentsTable
  cart_items: CartItemsTable
  orders: OrdersTable
  order_copies: OrderCopiesTable
}

interface ArtistsTable {
  id: Generated<number>
  slug: string
  name: string
  place: string
  bio: string
  work_count: Generated<number>
}

interface ArtworksTable {
  id: Generated<number>
  artist_id: number
  title: string
  style: Style
  seed: number
  story: string
  price_cents: number
  edition: number
  stock: number
  likes: Generated<number>
  created_at: Generated<string>
}

/** The full-text index; its rowid is the work's id. */
interface ArtworkSearchTable {
  rowid: Generated<number>
  title: string
  artist: string
  tags: string
  /** bm25 of the match: the smaller, the better. */
  rank: Generated<number>
}

interface TagsTable {
  id: Generated<number>
  name: string
}

interface ArtworkTagsTable {
  artwork_id: number
  tag_id: number
}

interface VisitorsTable {
  id: Generated<number>
  token_hash: string
  created_at: Generated<string>
}

interface LikesTable {
  artwork_id: number
  visitor_id: number
}

interface CommentsTable {
  id: Generated<number>
  artwork_id: number
  visitor_id: number
  name: string
  body: string
  created_at: Generated<string>
}

interface CartItemsTable {
  visitor_id: number
  artwork_id: number
  quantity: number
  added_at: Generated<string>
}

interface OrdersTable {
  id: Generated<number>
  reference: string
  visitor_id: number
  checkout_token: string
  name: string
  total_cents: number
  created_at: Generated<string>
}

interface OrderCopiesTable {
  id: Generated<number>
  order_id: number
  artwork_id: number
  copy: number
  price_cents: number
}

/** What follows from the foreign keys: which rows belong to which. */
export interface GalleryRelations {
  artists: { artworks: { table: 'artworks'; many: true } }
  artworks: {
    artist: { table: 'artists'; many: false; nullable: false }
    cart_items: { table: 'cart_items'; many: true }
    comments: { table: 'comments'; many: true }
    likes_by_artwork: { table: 'likes'; many: true }
    order_copies: { table: 'order_copies'; many: true }
    tags: { table: 'tags'; many: true }
  }
  tags: { artworks: { table: 'artworks'; many: true } }
  cart_items: { artwork: { table: 'artworks'; many: false; nullable: false } }
  comments: { artwork: { table: 'artworks'; many: false; nullable: false } }
  orders: { order_copies: { table: 'order_copies'; many: true } }
  order_copies: {
    order: { table: 'orders'; many: false; nullable: false }
    artwork: { table: 'artworks'; many: false; nullable: false }
  }
}

declare module 'noormme' {
  interface Register {
    database: GalleryDatabase
    relations: GalleryRelations
  }
}

export type Artist = Selectable<ArtistsTable>
export type Artwork = Selectable<ArtworksTable>
export type Comment = Selectable<CommentsTable>
export type Order = Selectable<OrdersTable>
export type OrderCopy = Selectable<OrderCopiesTable>
export type NewRow<Table extends keyof GalleryDatabase> = Insertable<GalleryDatabase[Table]>

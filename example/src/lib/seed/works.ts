/** The gallery's works and everything that belongs to them, each from its own number alone. */
import { createRandom, type Random } from '../art/random.ts'
import { STYLES, type Style } from '../art/styles.ts'
import type { NewArtwork, NewArtworkTag, NewComment, NewLike } from '../db/database.types.ts'
import { story, title } from './titles.ts'
import { GUESTS, REMARKS, TAGS } from './words.ts'

/** Visitors who liked and commented before the shop opened. */
export const GUEST_COUNT = 400

const OPENING_DAY = Date.UTC(2024, 2, 1)
const DAY_MS = 86_400_000
const STYLE_TAGS: Readonly<Record<Style, string>> = {
  dunes: 'desert',
  currents: 'nature',
  honeycomb: 'bees',
  orbits: 'cosmic',
  glass: 'architecture',
  tides: 'sea',
  petals: 'garden',
  quilt: 'geometry',
}

export interface SeededWork {
  readonly artwork: NewArtwork
  readonly tags: NewArtworkTag[]
  readonly likes: NewLike[]
  readonly comments: NewComment[]
}

/** Work number `id` of `total`; the newest has the highest number. */
export function makeWork(id: number, total: number, artists: number): SeededWork {
  const random = createRandom(id * 2_654_435 + 17)
  const style = random.pick(STYLES)
  const createdAt = OPENING_DAY + Math.floor((id / total) * 640 * DAY_MS) + random.int(0, DAY_MS / 4)
  const edition = random.pick([10, 15, 25, 25, 50, 50, 100])
  const stock = random.chance(0.09)
    ? 0
    : random.chance(0.12)
      ? random.int(1, 3)
      : random.int(Math.ceil(edition / 3), edition)
  const artistId = 1 + Math.floor(random.next() ** 1.3 * artists)

  return {
    artwork: {
      id,
      artist_id: artistId,
      title: title(random, style),
      style,
      seed: random.int(1, 2_000_000_000),
      story: story(random, style),
      price_cents: Math.round((18 + 240 * random.next() ** 2.4 + (edition <= 15 ? 60 : 0)) / 2) * 200,
      edition,
      stock,
      created_at: new Date(createdAt).toISOString(),
    },
    tags: tagIds(random, style).map((tagId) => ({ artwork_id: id, tag_id: tagId })),
    likes: guests(random, Math.floor(random.next() ** 3.5 * 34)).map((visitorId) => ({
      artwork_id: id,
      visitor_id: visitorId,
    })),
    comments: guests(random, Math.floor(random.next() ** 4 * 5)).map((visitorId, index) => ({
      artwork_id: id,
      visitor_id: visitorId,
      name: random.pick(GUESTS),
      body: random.pick(REMARKS),
      created_at: new Date(createdAt + (index * 9 + random.between(0.5, 8)) * DAY_MS).toISOString(),
    })),
  }
}

function tagIds(random: Random, style: Style): number[] {
  const names = new Set([STYLE_TAGS[style], random.pick(TAGS), random.pick(TAGS)])
  return [...names].map((name) => TAGS.indexOf(name) + 1)
}

/** Different guests, in order. */
function guests(random: Random, count: number): number[] {
  const start = random.int(0, GUEST_COUNT - 1)
  const stride = random.pick([1, 3, 7, 9, 11, 13])
  return Array.from({ length: count }, (_, index) => 1 + ((start + index * stride) % GUEST_COUNT))
}

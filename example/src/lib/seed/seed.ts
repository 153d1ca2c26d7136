/**
 * Fills an empty gallery. Everything happens in one transaction: interrupted at any moment, the database is as empty as
 * before, and the next start begins again.
 */
import { db } from '../db/noormme.ts'
import { makeArtists } from './people.ts'
import { TAGS } from './words.ts'
import { GUEST_COUNT, makeWork } from './works.ts'

/** Works made and written at a time. */
const CHUNK = 500
/** Filling takes a few seconds; a very slow disk may take longer than a transaction usually may. */
const TIMEOUT_MS = 600_000
const WORKS_PER_ARTIST = 20

export interface SeedOptions {
  /** How many works to make. */
  readonly works: number
  /** Stops the filling; nothing of it stays. */
  readonly signal: AbortSignal
  readonly onProgress: (progress: { readonly done: number; readonly total: number }) => void
}

/** Fills the gallery unless it has artists already. Resolves to whether it did. */
export async function seedGallery({ works, signal, onProgress }: SeedOptions): Promise<boolean> {
  return db.transaction(
    async (tx) => {
      if ((await tx.getRepository('artists').count()) > 0) return false

      const artists = makeArtists(Math.ceil(works / WORKS_PER_ARTIST))
      await tx.getRepository('artists').createMany(artists)
      await tx.getRepository('tags').createMany(TAGS.map((name, index) => ({ id: index + 1, name })))
      await tx.getRepository('visitors').createMany(
        // No hash looks like this, so no cookie can ever belong to a guest.
        Array.from({ length: GUEST_COUNT }, (_, index) => ({ id: index + 1, token_hash: `guest ${index + 1}` })),
      )

      for (let first = 1; first <= works; first += CHUNK) {
        signal.throwIfAborted()
        const last = Math.min(works, first + CHUNK - 1)
        const made = Array.from({ length: last - first + 1 }, (_, index) =>
          makeWork(first + index, works, artists.length),
        )
        await tx.getRepository('artworks').createMany(made.map(({ artwork }) => artwork))
        await tx.getRepository('artwork_tags').createMany(made.flatMap(({ tags }) => tags))
        await tx.getRepository('likes').createMany(made.flatMap(({ likes }) => likes))
        await tx.getRepository('comments').createMany(made.flatMap(({ comments }) => comments))
        onProgress({ done: last, total: works })
      }
      return true
    },
    { timeout: TIMEOUT_MS },
  )
}

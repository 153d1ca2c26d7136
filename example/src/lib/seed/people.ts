/** The gallery's artists: invented names, each once. */
import { createRandom } from '../art/random.ts'
import type { NewArtist } from '../db/database.types.ts'
import { GIVEN, HABITS, PLACES, PRACTICES, SURNAME_ENDS, SURNAME_STARTS } from './words.ts'

export function makeArtists(count: number): NewArtist[] {
  const random = createRandom(500)
  const names = new Set<string>()
  while (names.size < count) {
    names.add(`${random.pick(GIVEN)} ${random.pick(SURNAME_STARTS)}${random.pick(SURNAME_ENDS)}`)
  }
  return [...names].map((name, index) => ({
    id: index + 1,
    slug: name.toLowerCase().replaceAll(' ', '-'),
    name,
    place: random.pick(PLACES),
    bio: `${name} ${random.pick(PRACTICES)}. ${random.pick(HABITS)}`,
  }))
}

/** Titles and stories that suit what a picture shows. */
import type { Random } from '../art/random.ts'
import type { Style } from '../art/styles.ts'
import { ABSTRACTS, ADJECTIVES, TIMES, type Words } from './words.ts'

const SUBJECTS: Readonly<Record<Style, Words>> = {
  dunes: ['Dunes', 'Ridges', 'Foothills', 'Desert', 'Horizon', 'Valley', 'Headland', 'Plateau', 'Pilgrim Road'],
  currents: ['Current', 'Tall Grass', 'Migration', 'Wind Study', 'Undertow', 'Murmuration', 'River Hair', 'Drift'],
  honeycomb: ['Hive', 'Honeycomb', 'Wax Cathedral', 'Brood', 'Thousand Rooms', 'Queen’s Chamber', 'Larder', 'Apiary'],
  orbits: ['Orbit', 'Orrery', 'Ringed World', 'Satellite', 'Eclipse', 'Ninth Planet', 'Clock of Moons', 'Perihelion'],
  glass: ['Window', 'Rose Window', 'Chapel', 'Lantern', 'Oratory', 'Leaded Light', 'Vespers', 'Mosaic'],
  tides: ['Tide', 'Swell', 'Harbour', 'Echo', 'Estuary', 'Two Stones in a Pond', 'Moonlit Sea', 'Interference'],
  petals: ['Bloom', 'Bouquet', 'Dahlia', 'Herbarium', 'Sunflower', 'Garden', 'Wild Aster', 'Nectar Guide'],
  quilt: ['Quilt', 'Tiled Floor', 'Patchwork', 'Courtyard', 'Alphabet', 'Bedspread', 'Game Board', 'Pattern Book'],
}

const OPENINGS: Readonly<Record<Style, Words>> = {
  dunes: [
    'Ridges fold into each other until the last one is only a colour.',
    'A sun, a line, and the patience between them.',
  ],
  currents: ['Each stroke follows the one before it and never touches.', 'A map of a wind that has already passed.'],
  honeycomb: ['Six sides are enough for a city.', 'Built from the inside out, one warm cell at a time.'],
  orbits: ['Everything here is falling, slowly, around something else.', 'A timetable for moons that are never late.'],
  glass: ['Light is let in one pane at a time.', 'The lead lines came first; the colour filled what was left.'],
  tides: ['Where two waves meet, the paper remembers both.', 'Lines lifted by a sea that is not in the picture.'],
  petals: ['Petals turned by a fixed angle, over and over, until they flower.', 'Picked at noon, drawn by lamplight.'],
  quilt: ['Four corners and a handful of arcs, sewn into a whole.', 'The patches repeat; the afternoon does not.'],
}

const CLOSINGS: Words = [
  'Printed on heavy cotton paper.',
  'Pigment print with a wide white margin.',
  'Looks best where the light changes.',
  'The seed is written on the back.',
  'Part of a longer series on repetition.',
  'Made in one sitting.',
  'The colours were chosen before the form.',
  'Best seen from across the room, and then from very near.',
]

export function title(random: Random, style: Style): string {
  const subject = random.pick(SUBJECTS[style])
  const adjective = random.pick(ADJECTIVES)
  switch (random.int(0, 6)) {
    case 0:
      return `The ${adjective} ${subject}`
    case 1:
      return `${subject} ${random.pick(TIMES)}`
    case 2:
      return `${adjective} ${subject} ${random.pick(TIMES)}`
    case 3:
      return `${subject} of ${random.pick(ABSTRACTS)}`
    case 4:
      return `${adjective} ${subject}, No. ${random.int(2, 48)}`
    case 5:
      return `Study for a ${adjective} ${subject}`
    default:
      return `${adjective} ${subject}`
  }
}

export function story(random: Random, style: Style): string {
  return `${random.pick(OPENINGS[style])} ${random.pick(CLOSINGS)}`
}

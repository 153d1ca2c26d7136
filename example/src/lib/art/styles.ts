/** The families of pictures the gallery shows. The names stand in the database too, see `artworks.style`. */
import { currents } from './families/currents.ts'
import { dunes } from './families/dunes.ts'
import { glass } from './families/glass.ts'
import { honeycomb } from './families/honeycomb.ts'
import { orbits } from './families/orbits.ts'
import { petals } from './families/petals.ts'
import { quilt } from './families/quilt.ts'
import { tides } from './families/tides.ts'
import type { Sketch } from './sketch.ts'

export const STYLES = ['dunes', 'currents', 'honeycomb', 'orbits', 'glass', 'tides', 'petals', 'quilt'] as const

export type Style = (typeof STYLES)[number]

export const STYLE_LABELS: Readonly<Record<Style, string>> = {
  dunes: 'Dunes',
  currents: 'Currents',
  honeycomb: 'Honeycomb',
  orbits: 'Orbits',
  glass: 'Stained glass',
  tides: 'Tides',
  petals: 'Petals',
  quilt: 'Quilts',
}

export const FAMILIES: Readonly<Record<Style, (sketch: Sketch) => string>> = {
  dunes,
  currents,
  honeycomb,
  orbits,
  glass,
  tides,
  petals,
  quilt,
}

export function isStyle(value: string): value is Style {
  return (STYLES as readonly string[]).includes(value)
}

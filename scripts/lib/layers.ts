/** The layers of src: who stands above whom. */

/** From top to bottom. What the group captures is the name; two names in one row are siblings. */
const LAYERS: readonly RegExp[] = [
  /^src\/(cli)\//,
  /^src\/(dashboard)\//,
  /^src\/(index)\.ts$/,
  /^src\/(noormme)\.ts$/,
  /^src\/(scopes)\.ts$/,
  /^src\/(repository|migrations|advice|health|watch|backup)\//,
  /^src\/(schema)\//,
  /^src\/(kysely)\//,
  /^src\/(engine)\/(?!types\.ts)[^/]+$/,
  /^src\/(engine\/(?!thread\/)[^/]+)\//,
  /^src\/(engine\/thread)\//,
  /^src\/(engine\/types)\.ts$/,
  /^src\/(sqlite)\//,
  /^src\/(config)\//,
  /^src\/(errors)\.ts$/,
  /^src\/(errors\/[^/]+)\.ts$/,
  /^src\/(error-base)\.ts$/,
  /^src\/(util)\//,
]

export interface Layer {
  /** 0 is the top. */
  readonly rank: number
  readonly name: string
}

/** The layer of a file, or `null` for a file that is in none. */
export function layerOf(path: string): Layer | null {
  const rank = LAYERS.findIndex((layer) => layer.test(path))
  return rank === -1 ? null : { rank, name: LAYERS[rank]?.exec(path)?.[1] ?? path }
}

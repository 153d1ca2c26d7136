/** The singular of English plurals, by rule: predictable before clever, since a type's name must not surprise. */

const IRREGULAR: ReadonlyMap<string, string> = new Map([
  ['people', 'person'],
  ['children', 'child'],
  ['men', 'man'],
  ['women', 'woman'],
  ['mice', 'mouse'],
  ['geese', 'goose'],
  ['feet', 'foot'],
  ['teeth', 'tooth'],
  ['indices', 'index'],
  ['matrices', 'matrix'],
  ['vertices', 'vertex'],
  ['criteria', 'criterion'],
  ['movies', 'movie'],
  ['cookies', 'cookie'],
  ['lives', 'life'],
  ['wives', 'wife'],
  ['knives', 'knife'],
  ['leaves', 'leaf'],
  ['shelves', 'shelf'],
  ['halves', 'half'],
  ['caches', 'cache'],
  ['axes', 'axis'],
  ['quizzes', 'quiz'],
  ['menus', 'menu'],
])

/** They look like plurals, or are their own. */
const UNCHANGED = new Set([
  'news',
  'series',
  'species',
  'lens',
  'gas',
  'canvas',
  'atlas',
  'always',
  'sms',
  'dns',
  'gps',
  'aws',
  'https',
])

/** First rule that fits; a word that fits none is no plural. */
const RULES: readonly (readonly [ending: RegExp, replacement: string])[] = [
  [/(?:ss|us|is)$/, '$&'],
  [/([^aeiou])ies$/, '$1y'],
  [/([ao]us)es$/, '$1e'],
  [/(ch|sh|ss|x|us|alias|canvas|atlas)es$/, '$1'],
  [/(analy|cri|the|hypothe|diagno|synop)ses$/, '$1sis'],
  [/(her|potat|tomat|ech|vet)oes$/, '$1o'],
  [/s$/, ''],
]

/**
 * @example
 * singular('categories') // 'category'
 * singular('addresses') // 'address'
 * singular('status') // 'status'
 */
export function singular(word: string): string {
  const small = word.toLowerCase()
  const other = IRREGULAR.get(small)
  if (other !== undefined) return word.charAt(0) + other.slice(1)
  if (UNCHANGED.has(small) || small.length < 3) return word
  const rule = RULES.find(([ending]) => ending.test(small))
  return rule === undefined ? word : word.replace(new RegExp(rule[0].source, 'i'), rule[1])
}

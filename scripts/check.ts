/** Runs every check of this folder on the repository, quick ones first, and goes on after a failure: `npm run check`. */
import { checkCycles } from './check-cycles.ts'
import { checkDocs } from './check-docs.ts'
import { checkExports } from './check-exports.ts'
import { checkLayers } from './check-layers.ts'
import { checkLinks } from './check-links.ts'
import { checkPack } from './check-pack.ts'
import { checkReadme } from './check-readme.ts'
import { checkSizes } from './check-sizes.ts'
import { checkWords } from './check-words.ts'
import { type Check, report } from './lib/report.ts'

const CHECKS: Readonly<Record<string, Check>> = {
  layers: checkLayers,
  cycles: checkCycles,
  sizes: checkSizes,
  words: checkWords,
  docs: checkDocs,
  links: checkLinks,
  exports: checkExports,
  readme: checkReadme,
  pack: checkPack,
}

for (const [name, check] of Object.entries(CHECKS)) await report(name, check)

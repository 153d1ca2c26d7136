/** For `node --import`: scripts that ask for the package get its sources. */
import { registerHooks } from 'node:module'

const SOURCES = new URL('../../src/index.ts', import.meta.url).href

registerHooks({
  resolve: (specifier, context, next) => next(specifier === 'noormme' ? SOURCES : specifier, context),
})

/** The page under test is the one that is built from the sources as they are. */
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

export async function setup(): Promise<void> {
  await build({ configFile: fileURLToPath(new URL('../../vite.config.ts', import.meta.url)), logLevel: 'warn' })
}

/** Machine and versions of a comparison. */
import { readFileSync } from 'node:fs'
import { describeMachine } from '../../src/harness/machine.ts'
import { CONTESTANTS } from '../contestants.ts'
import type { Conditions } from './results.ts'

/** Beside the contestants: what some of them cannot be without. */
const OTHERS = ['drizzle-kit', '@prisma/adapter-better-sqlite3']

/** @throws Error when noormme and the others would not use the same copy of the driver. */
export async function describeConditions(): Promise<Conditions> {
  const { processor, cores, system, versions } = await describeMachine()
  const packages = [...CONTESTANTS.flatMap((each) => each.package ?? []), ...OTHERS]
  return {
    processor,
    cores,
    system,
    versions: {
      'Node.js': process.versions.node,
      'SQLite of better-sqlite3': versions.sqlite ?? 'unknown',
      'SQLite of Node.js': process.versions.sqlite ?? 'unknown',
      ...Object.fromEntries(packages.map((name) => [name, versionOf(name)])),
    },
  }
}

function versionOf(name: string): string {
  const manifest = new URL(`../../node_modules/${name}/package.json`, import.meta.url)
  return JSON.parse(readFileSync(manifest, 'utf8')).version
}

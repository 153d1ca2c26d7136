/** An engine with gates: see `gate-module.ts`. */
import { onTestFinished } from 'vitest'
import type { EngineOptions } from '../../src/engine/engine-options.ts'
import { type GateModule, gateModule } from './gate-module.ts'
import { type EngineKind, openTestEngine, type TestEngine } from './open-engine.ts'

export interface GatedEngine extends TestEngine, Omit<GateModule, 'setup'> {}

/** Nothing is run on the event loop's thread, which a gate would block. All gates are opened after the test. */
export async function openGatedEngine(
  kind: EngineKind = 'wal',
  overrides: Partial<EngineOptions> = {},
): Promise<GatedEngine> {
  const { setup, open, reached } = gateModule()
  const extensions = { libraries: [], setup }
  const test = await openTestEngine(kind, { inlineReadBudgetMs: 0, extensions, ...overrides })
  // Before the engine is closed, which would wait for what stands at a gate.
  onTestFinished(() => open('all'))
  return { ...test, open, reached }
}

/** A statement that stands at a gate until it is opened, and then gives one row. */
export const gate = (name: string) => ({ sql: `SELECT gate('${name}') AS passed` })

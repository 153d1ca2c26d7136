/** The native extension, for tests of what only it can do: they ask for it whatever NOORMME_NATIVE says. */
import { findNativeBinary } from '../../src/sqlite/native-binary.ts'

/** Whether this machine has built it. */
export const hasNative = findNativeBinary().file !== null

/** A query that never ends. */
export const ENDLESS = 'WITH RECURSIVE n (v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM n) SELECT count(*) FROM n'

/** A query that never ends once the gate has been opened. */
export const endlessBehind = (name: string) => `SELECT gate('${name}'), (${ENDLESS}) AS v`

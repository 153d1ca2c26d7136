/**
 * What `PRAGMA optimize` is to look at (https://sqlite.org/pragma.html#pragma_optimize): run ANALYZE (0x2), at most some
 * two thousand entries of an index (0x10), and look at all tables (0x10000) rather than at those that this connection
 * has queried: the writer's never sees the reads.
 */
export const OPTIMIZE_MASK = 0x10012

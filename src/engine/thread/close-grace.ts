/**
 * How long close() lets a statement run on before it is stopped (ms): long enough for what a request of a user is worth,
 * and half of the ten seconds that container runtimes give a process between asking it to end and killing it.
 */
export const CLOSE_GRACE_MS = 5_000

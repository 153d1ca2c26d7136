/** What users may say of watching a database at work. */

/** What is logged at least. */
export type LogLevel = 'error' | 'warn' | 'info' | 'debug'

export interface MonitoringConfig {
  /** Keeps the values of slow statements with their types. They may be secrets. Default: `false`. See `docs/metrics.md`. */
  readonly recordValues?: boolean | undefined
  /**
   * Looks for N+1 reads also while nobody listens to `on('nPlusOne')`; costs two to three point reads a call. Default: `false`.
   */
  readonly nPlusOne?: boolean | undefined
  /**
   * A span and a measurement for each statement, through `@opentelemetry/api`, which must be installed. Default: `false`. See
   * `docs/telemetry.md`.
   */
  readonly openTelemetry?: boolean | undefined
  /**
   * How often the health is checked while somebody listens to `on('health')`, in milliseconds, 1000 to 86,400,000. Default:
   * `10000`.
   */
  readonly healthInterval?: number | undefined
}

/** What pino's loggers have, and the console. */
export interface Logger {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

export interface LoggingConfig {
  /** Where is logged to: a logger as pino makes them. Default: nothing is logged. See `docs/telemetry.md`. */
  readonly logger?: Logger | undefined
  /** From which level on: `'error'`, `'warn'`, `'info'` or `'debug'`, which logs every statement. Default: `'info'`. */
  readonly level?: LogLevel | Uppercase<LogLevel> | undefined
}

/**
 * Opens a file that may only be read. What is in DELETE mode cannot be switched to WAL then: by default WAL gives way, as
 * on a file system that cannot carry it, and reads work; where WAL was written down, it is the error that it was.
 */
import type { AsyncLocalStorage } from 'node:async_hooks'
import { isNoormmeError } from '../errors.ts'
import { openEngine } from './engine.ts'
import type { EngineOptions } from './engine-options.ts'
import type { RecordedEngine } from './recorded-engine.ts'
import type { Executor } from './types.ts'

/** {@link openEngine}, and once more without WAL when only that stands in the way of reading. */
export async function openGivingWay(
  options: EngineOptions,
  context: AsyncLocalStorage<Executor>,
): Promise<RecordedEngine> {
  try {
    return await openEngine(options, context)
  } catch (error) {
    const { settings, explicitWAL, path } = options
    if (!settings.enableWALMode || explicitWAL || !isNoormmeError(error, 'NOORMME_READ_ONLY')) throw error
    const engine = await openEngine({ ...options, settings: { ...settings, enableWALMode: false } }, context).catch(
      () => {
        // In WAL mode already, and nothing may be made beside it: the first reason is the true one.
        throw error
      },
    )
    process.emitWarning(`${path} cannot be written: it is opened in DELETE mode, for reading`, 'NoormmeWarning')
    return engine
  }
}

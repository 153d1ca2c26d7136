/** Errors of the file and the disk. */
import { define } from '../error-base.ts'

/** SQLite found the file damaged. */
export class CorruptionError extends define<{ readonly reason: string }>('NOORMME_CORRUPT', {
  message: ({ reason }) => `the database file is damaged: ${reason}`,
  hint: 'Stop writing, keep a copy of all files, and restore the newest good backup.',
}) {}

/** No space left. The transaction was rolled back. */
export class DiskFullError extends define<{ readonly reason: string }>('NOORMME_DISK_FULL', {
  message: ({ reason }) => `no space left: ${reason}`,
  hint: 'Free disk space; writing resumes by itself.',
  retryable: true,
}) {}

/** The file, its folder or the connection does not allow writing. */
export class ReadOnlyError extends define<{ readonly reason: string }>('NOORMME_READ_ONLY', {
  message: ({ reason }) => `cannot write: ${reason}`,
  hint: 'Give the process write permission on the file and on its folder (SQLite creates files beside it).',
}) {}

/**
 * The file that is open, or its log, is no longer where it was: somebody removed it or put another in its place. Nothing
 * of this call was written: it would have gone to a file without a name, which is gone when it is closed.
 */
export class FileGoneError extends define<{
  readonly path: string
  readonly what: 'the file' | 'its log (-wal)'
  readonly how: 'removed' | 'replaced'
}>('NOORMME_FILE_GONE', {
  message: ({ path, what, how }) => `${path}: ${what} was ${how} while it was open`,
  hint: 'Put it back, and writing resumes; or close the database and initialize() again to use what is there now.',
}) {}

/** The operating system reported an error while reading or writing the file. */
export class IoError extends define<{ readonly reason: string }>('NOORMME_IO', {
  message: ({ reason }) => `reading or writing the file failed: ${reason}`,
  hint: 'Check the disk and the system log.',
}) {}

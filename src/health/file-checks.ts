/** The checks of the open file itself: still in its place, and nobody in this process endangers SQLite's locks on it. */
import type { HealthCheck, HealthFacts } from './types.ts'

const RESTART = 'close every NOORMME on this file and initialize() again, or restart the process'

/** The file and its log are where they were when they were opened. */
export function checkFile({ stats }: HealthFacts): HealthCheck {
  const report = (status: HealthCheck['status'], detail: string): HealthCheck => ({
    name: 'file',
    status,
    detail,
    duration: stats.ms,
  })
  if ('error' in stats) return report('warn', `this cannot be told: ${stats.error}`)
  if (stats.value === null) return report('warn', 'this cannot be told: the database is not open')
  const { fileGone } = stats.value
  return fileGone === null ? report('pass', 'the file is in its place') : report('fail', fileGone)
}

/** SQLite's locks are there, and no descriptor that is not SQLite's can take them away. */
export function checkLocks({ descriptors, settings }: HealthFacts): HealthCheck {
  const report = (status: HealthCheck['status'], detail: string): HealthCheck => ({
    name: 'locks',
    status,
    detail,
    duration: descriptors?.ms ?? 0,
  })
  if (descriptors === null) return report('pass', 'there are no locks to look at')
  if ('error' in descriptors) return report('warn', `this cannot be told: ${descriptors.error}`)
  if (descriptors.value === null) return report('pass', 'this system does not tell about locks')

  const { foreign, libraries, locked } = descriptors.value
  const lost = [...(locked.file ? [] : ['on the file']), ...(locked.shm ? [] : ['on its -shm'])]
  if (settings.enableWALMode && lost.length > 0) {
    const what = `the locks ${lost.join(' and ')} are gone: this process closed a descriptor of its own on it`
    return report('fail', `${what}; other programs may damage the database: ${RESTART}`)
  }
  if (libraries > 1) {
    const what = `${libraries} copies of the SQLite library have the file open in this process`
    return report('fail', `${what}; each drops the locks of the other: use one`)
  }
  if (foreign > 0) {
    const what = `${foreign} ${foreign === 1 ? 'descriptor is' : 'descriptors are'} open on the file beside SQLite's`
    return report('fail', `${what}; closing one drops all locks: do not open it in this process`)
  }
  return report('pass', settings.enableWALMode ? 'all locks are held' : 'no descriptor is open beside SQLite’s')
}

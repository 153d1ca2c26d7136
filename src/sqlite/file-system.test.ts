import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import BetterSqlite3 from 'better-sqlite3'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openConnection, thrownBy } from '../../test/support/open-connection.ts'
import { tempFolder } from '../../test/support/temp-folder.ts'
import { ConnectionError, FileSystemError } from '../errors.ts'
import { fileSystemOf, isRefused, mountOf, prepareFile } from './file-system.ts'

const MOUNTS = `21 1 0:20 / / rw,relatime - overlay overlay rw
22 21 0:21 / /proc rw - proc proc rw
23 21 8:1 / /data rw,relatime shared:5 master:1 - ext4 /dev/sda1 rw
24 23 0:40 / /data/share rw,relatime shared:7 - nfs4 server:/export rw,vers=4.2
25 24 8:1 /local /data/share/local rw,relatime - ext4 /dev/sda1 rw
26 21 0:41 / /mnt/with\\040space rw - fuse.sshfs user@host: rw
27 21 0:42 / /mnt/tab\\011new\\012line\\134back rw - cifs //server/share rw
28 21 0:43 / /mnt/twice rw - nfs server:/old rw
29 28 8:2 / /mnt/twice rw - xfs /dev/sdb1 rw
30 21 0:44 / /m\u00fcller/\u540d rw - 9p host rw
31 21 8:3 /sub /bind rw - btrfs /dev/sdc rw

a line that is no mount
`

test.each([
  ['/var/app.db', 'overlay'],
  ['/', 'overlay'],
  ['/data/app.db', 'ext4'],
  ['/database/app.db', 'overlay'],
  ['/data', 'ext4'],
  ['/data/share/app.db', 'nfs4'],
  ['/data/shared/app.db', 'ext4'],
  ['/data/share/local/app.db', 'ext4'],
  ['/mnt/with space/app.db', 'fuse.sshfs'],
  ['/mnt/tab\tnew\nline\\back/app.db', 'cifs'],
  ['/mnt/twice/app.db', 'xfs'],
  ['/müller/名/app.db', '9p'],
  ['/bind/app.db', 'btrfs'],
])('%j lies on the mount with the longest name above it: %s', (path, type) => {
  expect(mountOf(path, MOUNTS)).toBe(type)
})

test('without any mount above it, a file system is unknown', () => {
  expect(mountOf('/a', '')).toBe('unknown')
  expect(mountOf('/a', '23 21 8:1 / /data rw - ext4 /dev/sda1 rw')).toBe('unknown')
})

test.each([
  ...['nfs', 'nfs4', 'cifs', 'smb3', '9p', 'virtiofs', 'fuse', 'fuse.sshfs', 'fuse.anything', 'fuseblk'].map(
    (type) => [type, true] as const,
  ),
  ...['ext4', 'xfs', 'btrfs', 'overlay', 'tmpfs', 'zfs', 'apfs', 'unknown', ''].map((type) => [type, false] as const),
])('%s is refused for WAL: %s', (type, refused) => {
  expect(isRefused(type)).toBe(refused)
})

test.runIf(process.platform === 'linux')('the file system of a real path is known', () => {
  expect(fileSystemOf('/proc/self')).toBe('proc')
  expect(fileSystemOf(tempFolder())).not.toBe('unknown')
})

const WAL = { wal: true, explicit: true }

describe('preparing a file', () => {
  test('makes the folder, and not the file', () => {
    const folder = tempFolder()

    expect(prepareFile(join(folder, 'a/b/app.db'), WAL)).toEqual({ wal: true, refused: null })
    expect(readdirSync(join(folder, 'a/b'))).toEqual([])
  })

  test('leaves WAL off where it is not wanted', () => {
    expect(prepareFile(join(tempFolder(), 'app.db'), { wal: false, explicit: true })).toEqual({
      wal: false,
      refused: null,
    })
  })

  test.each([
    ['a directory', 'directory', /it is a directory/],
    ['a folder below a file', 'file/app.db', /folder cannot be made \(EEXIST\)/],
    ['a folder deeper below a file', 'file/a/app.db', /folder cannot be made \(ENOTDIR\)/],
    ['a link to itself', 'loop.db', /ELOOP/],
    ['a device', 'device', /not a regular file/],
  ])('%s is an error that says so', (_name, name, reason) => {
    const folder = tempFolder()
    mkdirSync(join(folder, 'directory'))
    writeFileSync(join(folder, 'file'), '')
    symlinkSync('loop.db', join(folder, 'loop.db'))
    symlinkSync('/dev/null', join(folder, 'device'))

    const error = thrownBy(() => prepareFile(join(folder, name), WAL))

    expect(error).toBeInstanceOf(ConnectionError)
    expect((error as ConnectionError).message).toMatch(reason)
    expect((error as ConnectionError).hint).not.toBe('')
  })
})

const MODULE = fileURLToPath(new URL('./file-system.ts', import.meta.url))
const NOBODY = 65_534

/** What `prepareFile` says to a process without rights. */
function asNobody(path: string): string {
  const program = `import { prepareFile } from ${JSON.stringify(MODULE)}
    try { console.log(JSON.stringify(prepareFile(${JSON.stringify(path)}, { wal: true, explicit: true }))) }
    catch (error) { console.log(error.code, error.message) }`
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    uid: NOBODY,
    gid: NOBODY,
    encoding: 'utf8',
    cwd: '/',
  })
  return stdout + stderr
}

describe.runIf(process.platform === 'linux' && process.getuid?.() === 0)('to a process without rights', () => {
  test('what it may not read, enter or make is an error that says so', () => {
    const folder = tempFolder()
    chmodSync(folder, 0o755)
    new BetterSqlite3(join(folder, 'secret.db')).exec('CREATE TABLE t (a)').close()
    chmodSync(join(folder, 'secret.db'), 0o600)
    mkdirSync(join(folder, 'closed'), { mode: 0o700 })
    writeFileSync(join(folder, 'closed/app.db'), '')

    expect(asNobody(join(folder, 'secret.db'))).toMatch(/^NOORMME_CONNECTION .*not readable \(EACCES\)/)
    expect(asNobody(join(folder, 'closed/app.db'))).toMatch(/^NOORMME_CONNECTION .*not readable \(EACCES\)/)
    expect(asNobody(join(folder, 'new/app.db'))).toMatch(/^NOORMME_CONNECTION .*folder cannot be made \(EACCES\)/)
  })

  test('a file that it may read is fine', () => {
    const folder = tempFolder()
    chmodSync(folder, 0o755)
    writeFileSync(join(folder, 'app.db'), '', { mode: 0o644 })

    expect(asNobody(join(folder, 'app.db'))).toBe('{"wal":true,"refused":null}\n')
  })
})

/** A real FUSE mount that shows `source`; gone after the test. */
function mountFuse(): { source: string; mounted: string } {
  const folder = tempFolder()
  const [source, mounted] = [join(folder, 'source'), join(folder, 'mounted')]
  mkdirSync(source)
  mkdirSync(mounted)
  const { status, stderr } = spawnSync('bindfs', [source, mounted], { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  onTestFinished(() => void spawnSync('umount', [mounted]))
  return { source, mounted }
}

const canMount =
  process.platform === 'linux' &&
  process.getuid?.() === 0 &&
  existsSync('/dev/fuse') &&
  spawnSync('bindfs', ['--version']).status === 0

describe.runIf(canMount)('on a real FUSE mount', () => {
  test('WAL by default gives way, and says to what', () => {
    const { mounted } = mountFuse()

    expect(isRefused(fileSystemOf(mounted))).toBe(true)
    expect(prepareFile(join(mounted, 'app.db'), { wal: true, explicit: false })).toEqual({
      wal: false,
      refused: fileSystemOf(mounted),
    })
    expect(prepareFile(join(mounted, 'app.db'), { wal: false, explicit: true })).toEqual({ wal: false, refused: null })
  })

  test('WAL that was asked for is an error, also through a link', () => {
    const { source, mounted } = mountFuse()
    writeFileSync(join(mounted, 'app.db'), '')
    const link = join(source, '..', 'link.db')
    symlinkSync(join(mounted, 'app.db'), link)

    for (const path of [join(mounted, 'app.db'), join(mounted, 'new/app.db'), link]) {
      expect(thrownBy(() => prepareFile(path, WAL))).toBeInstanceOf(FileSystemError)
      expect(thrownBy(() => prepareFile(path, WAL))).toMatchObject({ context: { path, inWal: false } })
    }
    expect(prepareFile(join(source, 'app.db'), WAL)).toEqual({ wal: true, refused: null })
  })

  test('a file that is in WAL already is an error whatever was asked for, and is never converted', async () => {
    const { source, mounted } = mountFuse()
    const connection = await openConnection({ path: join(source, 'app.db') })
    connection.write('CREATE TABLE t (a)', [])
    connection.close()
    const before = statSync(join(source, 'app.db'))

    for (const request of [WAL, { wal: true, explicit: false }, { wal: false, explicit: true }]) {
      expect(thrownBy(() => prepareFile(join(mounted, 'app.db'), request))).toMatchObject({
        code: 'NOORMME_FILE_SYSTEM',
        context: { inWal: true },
      })
    }
    expect(readdirSync(source)).toEqual(['app.db'])
    expect(statSync(join(source, 'app.db')).mtimeMs).toBe(before.mtimeMs)
  })

  test('a file in DELETE mode works there', async () => {
    const { mounted } = mountFuse()
    const path = join(mounted, 'app.db')
    const { wal } = prepareFile(path, { wal: true, explicit: false })
    const connection = await openConnection({ path, settings: { enableWALMode: wal } })
    connection.write('CREATE TABLE t (a)', [])
    connection.write('INSERT INTO t VALUES (1)', [])

    expect(connection.pragmas.journal_mode).toBe('delete')
    expect(connection.objects('SELECT a FROM t', [])).toEqual([{ a: 1 }])
    connection.close()
  })
})

import { basename, delimiter, dirname } from 'node:path'
import { expect, test, vi } from 'vitest'
import { failure, run } from './run.ts'
import { tree } from './tree.ts'

test('a program that never ends is killed, and that is a failure', async () => {
  const outcome = await run(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], {
    cwd: await tree({}),
    timeoutMs: 300,
  })

  expect(outcome.signal).toBe('SIGKILL')
  expect(failure(outcome)).toMatch(/^ended by SIGKILL/)
})

test('a failure says the exit code and what was printed, in one line', async () => {
  const outcome = await run(process.execPath, ['-e', 'console.error("a\\nb"); process.exitCode = 3'], {
    cwd: await tree({}),
  })

  expect(failure(outcome)).toBe('exit code 3: a ⏎ b')
})

test('this Node.js comes first on the path of what is run, and nothing steers an npm there', async () => {
  vi.stubEnv('npm_config_local_prefix', '/elsewhere')
  const program = 'console.log(process.env.npm_config_local_prefix + " " + process.env.PATH)'

  const { stdout } = await run(process.execPath, ['-e', program], { cwd: await tree({}) })

  vi.unstubAllEnvs()
  const [prefix, path = ''] = stdout.trim().split(' ')
  expect(prefix).toBe('undefined')
  expect(path.split(delimiter)[0]).toBe(dirname(process.execPath))
  expect(basename(process.execPath)).toMatch(/^node/)
})

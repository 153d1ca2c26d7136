import { expect, it } from 'vitest'
import { WORKS } from '../works/works.ts'
import { parseCommandLine } from './command-line.ts'

const names = (args: readonly string[]) => parseCommandLine(args, WORKS).works.map(({ name }) => name)

it('runs everything when nothing is asked for', () => {
  expect(parseCommandLine([], WORKS)).toEqual({ size: 'full', works: WORKS, rounds: null })
})

it('leaves out of a quick run what takes long', () => {
  expect(names(['--quick'])).toEqual(WORKS.filter(({ fullOnly }) => fullOnly !== true).map(({ name }) => name))
  expect(() => names(['--quick', '--only', 'opening'])).toThrow('left out of a quick run')
})

it('runs the works that are named', () => {
  expect(names(['--only', 'timer', '--only', 'find-all'])).toEqual(['find-all', 'timer'])
})

it('names the works there are for one that is not', () => {
  expect(() => names(['--only', 'find-al'])).toThrow(/no work find-al; there are find-by-id, /)
})

it('takes whole numbers of rounds', () => {
  expect(parseCommandLine(['--rounds', '4'], WORKS).rounds).toBe(4)
  for (const rounds of ['0', '1.5', 'many']) {
    expect(() => parseCommandLine(['--rounds', rounds], WORKS)).toThrow(`got ${rounds}`)
  }
})

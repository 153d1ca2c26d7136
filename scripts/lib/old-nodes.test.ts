import { dirname } from 'node:path'
import { expect, test } from 'vitest'
import { isOld, oldNodes } from './old-nodes.ts'

test('22.14 is the first version that is not too old', () => {
  expect(['v18.0.0', 'v20.20.2', 'v22.13.9'].map(isOld)).toEqual([true, true, true])
  expect(['v22.14.0', 'v23.0.0', 'v24.21.0'].map(isOld)).toEqual([false, false, false])
})

test('the Node.js that runs this is not among the old ones, and a folder without one is passed over', async () => {
  expect(await oldNodes(dirname(process.execPath))).toEqual([])
  expect(await oldNodes('/does-not-exist')).toEqual([])
})

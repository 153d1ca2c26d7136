import { expect, test } from 'vitest'
import { openConnection, thrownBy } from '../../test/support/open-connection.ts'
import { openInterrupter } from './native.ts'
import { findNativeBinary } from './native-binary.ts'

const native = findNativeBinary()

test.skipIf(native.file === null)(
  'a connection that has loaded it has an id by which it can be interrupted',
  async () => {
    const connection = await openConnection({ native })
    const interrupter = openInterrupter(native)

    expect(connection.native?.id).toBeGreaterThan(0)
    expect(interrupter?.interrupt(connection.native?.id ?? 0)).toBe(true)
    connection.close()
    expect(interrupter?.interrupt(connection.native?.id ?? 0)).toBe(false)
  },
)

test('without a binary the reason is told', async () => {
  const connection = await openConnection({ native: findNativeBinary('vax-unknown') })

  expect(connection.native).toBeNull()
  expect(connection.nativeFacts).toMatchObject({ id: null, reason: expect.stringContaining('vax-unknown') })
})

test.skipIf(native.file === null)('what users run cannot call it', async () => {
  const connection = await openConnection({ native })
  connection.control('CREATE TABLE t (a)')
  const calls = [
    "SELECT noormme_native(x'00112233445566778899aabbccddeeff', 'plans', 1)",
    "SELECT noormme_native(zeroblob(16), 'claim', NULL)",
    "SELECT noormme_native(NULL, 'counters', NULL)",
  ]
  for (const sql of calls) {
    expect(thrownBy(() => connection.objects(sql, []))).toMatchObject({
      message: expect.stringContaining('not authorized'),
    })
  }
})

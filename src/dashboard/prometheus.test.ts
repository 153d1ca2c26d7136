import { NOORMME } from 'noormme'
import { expect, test } from 'vitest'
import { parsePrometheus } from '../../test/support/parse-prometheus.ts'
import { prometheusText } from './prometheus.ts'

test.each(['plain.db', 'with "quotes".db', 'back\\slash.db', 'two\nlines.db', 'naïve ☃.db'])(
  'a file by the name of %j is a label that is read back',
  async (name) => {
    const db = new NOORMME(':memory:')
    await db.initialize()
    const [metrics, stats, health] = await Promise.all([
      db.getPerformanceMetrics(),
      db.getConnectionStats(),
      db.healthCheck(),
    ])
    await db.close()
    const text = prometheusText({ metrics, stats: { ...stats, path: `/data/${name}` }, health, backups: null })
    const up = parsePrometheus(text).find((family) => family.name === 'noormme_up')
    expect(up?.metrics[0]?.labels?.database).toBe(name)
  },
)

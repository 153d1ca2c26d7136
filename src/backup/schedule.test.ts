import { Cron } from 'croner'
import { expect, test } from 'vitest'
import { lastTimeOf, Schedule } from './schedule.ts'

const at = (time: string) => new Date(`2031-05-14T${time}`)
const HOURLY = new Cron('0 * * * *', { paused: true })

/** A schedule that makes a backup whenever it is asked to, at the time of the last look. */
function scheduled(newest: Date | null, fails: () => boolean = () => false) {
  const runs: Date[] = []
  const asked: number[] = []
  let last = newest
  let now = at('00:00')
  const schedule = new Schedule({
    pattern: '0 * * * *',
    newest: async () => {
      asked.push(1)
      return last
    },
    run: async (due) => {
      runs.push(due)
      if (fails()) throw new Error('it failed')
      last = now
    },
  })
  const look = (time: string) => {
    now = at(time)
    return schedule.look(now)
  }
  return { schedule, runs, asked, look }
}

test('the last time of a schedule is that before, or now', () => {
  expect(lastTimeOf(HOURLY, at('10:20'))).toEqual(at('10:00'))
})

test('a backup is made once for each time of the schedule', async () => {
  const { schedule, runs, look } = scheduled(at('09:30'))
  await look('09:45')
  await look('10:00:01')
  await look('10:30')
  await look('11:00:01')
  await schedule.end()

  expect(runs).toEqual([at('10:00'), at('11:00')])
})

test('what was missed is made up for, once', async () => {
  const { schedule, runs, look } = scheduled(at('03:00'))
  await look('10:20')
  await look('10:21')
  await schedule.end()

  expect(runs).toEqual([at('10:00')])
})

test('without any backup the first look makes one', async () => {
  const { schedule, runs, look } = scheduled(null)
  await look('10:20')
  await schedule.end()

  expect(runs).toHaveLength(1)
})

test('one that failed is tried again', async () => {
  let failures = 2
  const { schedule, runs, look } = scheduled(null, () => failures-- > 0)
  await look('10:20')
  await look('10:25')
  await look('10:30')
  await look('10:35')
  await schedule.end()

  expect(runs).toHaveLength(3)
})

test('the target is asked only when a time of the schedule has passed', async () => {
  const { schedule, asked, look } = scheduled(at('10:10'))
  await look('10:20')
  await look('10:40')
  await look('10:59')
  await schedule.end()

  expect(asked).toHaveLength(1)
})

test('a backup has been missed when it is older than twice the longest gap', () => {
  const workdays = new Schedule({ pattern: '0 3 * * 1-5', newest: async () => null, run: async () => {} })
  expect(workdays.maxAgeMs / 86_400_000).toBeCloseTo(6, 0)
  return workdays.end()
})

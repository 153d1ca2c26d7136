/** The part of README.md that is made of the results. */
import { CHARTS } from '../charts/charts.ts'
import type { ContestantName } from '../contestants/contestants.ts'
import { formatNumber } from '../harness/format-number.ts'
import { summary, valuesOf } from '../harness/judge.ts'
import type { Machine } from '../harness/machine.ts'
import type { Results, WorkRecord } from '../harness/results.ts'
import { EVERYBODY, type Metric, type Work } from '../work.ts'

const BEGIN = '<!-- benchmark: written by `npm run bench` -->'
const END = '<!-- benchmark: end -->'
const NOISY_CORES = 0.35

interface Column {
  readonly title: string
  /** In a sentence: “noormme is not the best at …”. */
  readonly about: string
  readonly work: string
  readonly metric: string
  /** Behind the contestant's name in the name of its lane. */
  readonly lane?: string
}

const COLUMNS: readonly Column[] = [
  { title: 'reads by key /s', about: 'reading rows by key', work: 'find-by-id', metric: 'perSecond' },
  {
    title: 'rows created /s, 1 client',
    about: 'creating rows one after another',
    work: 'create-1',
    metric: 'perSecond',
    lane: ', FULL',
  },
  {
    title: 'rows created /s, 100 clients',
    about: 'creating rows by 100 clients',
    work: 'create-100',
    metric: 'perSecond',
    lane: ', FULL',
  },
  { title: 'rows /s in one `createMany`', about: 'many rows in one call', work: 'create-many', metric: 'perSecond' },
  { title: 'shop pages /s', about: 'the pages of a shop', work: 'northwind', metric: 'mix' },
  { title: 'large shop pages /s', about: 'the pages of a large shop', work: 'northwind-100', metric: 'mix' },
  { title: 'loop blocked by a long read, ms', about: 'a free event loop', work: 'aggregate', metric: 'delayMs' },
  { title: 'start to first row, ms', about: 'starting', work: 'start-up', metric: 'totalMs' },
  { title: 'memory, MiB', about: 'memory', work: 'memory', metric: 'rssMib' },
]

interface Measured {
  readonly column: Column
  readonly metric: Metric
  readonly record: WorkRecord
  /** `null`: it failed. */
  readonly values: ReadonlyMap<ContestantName, number | null>
  readonly best: ContestantName
}

/** @throws Error when the page has no place for it. */
export function withSideBySide(readme: string, works: readonly Work[], results: Results): string {
  const begin = readme.indexOf(BEGIN)
  const end = readme.indexOf(END)
  if (begin === -1 || end < begin) throw new Error(`README.md has no ${BEGIN} before a ${END}`)
  return `${readme.slice(0, begin)}${BEGIN}\n\n${sideBySide(works, results)}\n\n${readme.slice(end)}`
}

function sideBySide(works: readonly Work[], results: Results): string {
  const measured = COLUMNS.flatMap((column) => measure(column, works, results) ?? [])
  const charts = CHARTS.filter(({ work }) => results.works.some((record) => record.work === work))
  return [
    table(measured),
    notBest(measured),
    charts.map(({ name, title }) => `![${title}](bench/charts/${name}.svg)`).join('\n\n'),
    made(results.machine, measured),
  ].join('\n\n')
}

function measure(column: Column, works: readonly Work[], results: Results): Measured | null {
  const metric = works.find(({ name }) => name === column.work)?.metrics.find(({ name }) => name === column.metric)
  if (metric === undefined) throw new Error(`there is no ${column.metric} of ${column.work}`)
  const record = results.works.find(({ work }) => work === column.work)
  if (record === undefined) return null

  const values = new Map(
    EVERYBODY.map((name) => {
      const found = valuesOf(record, `${name}${column.lane ?? ''}`, metric)
      return [name, found === null ? null : summary(metric, found)]
    }),
  )
  const sign = metric.better === 'higher' ? -1 : 1
  const [best] = [...values]
    .flatMap(([name, value]) => (value === null ? [] : [{ name, value }]))
    .sort((one, other) => sign * (one.value - other.value))
  return best === undefined ? null : { column, metric, record, values, best: best.name }
}

function table(measured: readonly Measured[]): string {
  const rows = EVERYBODY.map((name) => [
    name === 'noormme' ? '**noormme**' : name,
    ...measured.map(({ values, best }) => {
      const value = values.get(name) ?? null
      if (value === null) return 'failed'
      return name === best ? `**${formatNumber(value)}**` : formatNumber(value)
    }),
  ])
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  const head = ['', ...measured.map(({ column }) => column.title)]
  return [line(head), line(['---', ...measured.map(() => '--:')]), ...rows.map(line)].join('\n')
}

function notBest(measured: readonly Measured[]): string {
  const behind = measured.flatMap(({ column, metric, values, best }) => {
    const [ours, theirs] = [values.get('noormme') ?? null, values.get(best) ?? null]
    if (best === 'noormme' || ours === null || theirs === null) return []
    const times = metric.better === 'higher' ? theirs / ours : ours / theirs
    return [`${column.about} (${best}: ${formatNumber(times)} ×)`]
  })
  const sentence = behind.length === 0 ? '' : ` **Others are better at** ${behind.join(', ')}.`
  return `The best of each column is bold.${sentence}`
}

function made({ processor, cores, memoryGib, system, versions }: Machine, measured: readonly Measured[]): string {
  const records = measured.map(({ record }) => record)
  const days = [...new Set(records.map(({ date }) => date.slice(0, 10)))].sort()
  const commands = [...new Set(records.map(({ command }) => `\`${command}\``))]
  const noisy = records.some(({ othersCores }) => othersCores > NOISY_CORES)
  const tools = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
  return [
    `Made by ${commands.join(', ')} on ${days.join(' and ')}: ${processor}, ${cores} cores, ${memoryGib} GiB, ${system}.`,
    `${tools.join(', ')}.`,
    ...(noisy ? ['**Other programs were busy meanwhile, so these numbers are not to be relied on.**'] : []),
  ].join('\n')
}

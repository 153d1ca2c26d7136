/** How much of the main thread's time goes into some of its functions, as V8's sampling profiler sees it. */
import { type Profiler, Session } from 'node:inspector/promises'

/** Microseconds. Often enough for tens of thousands of samples in a trial. */
const EVERY_MICROSECONDS = 100

/** Runs `work`, and resolves with the share of its samples that were taken in functions for which `counts` is true. */
export async function shareOfTime(
  work: () => Promise<unknown>,
  counts: (frame: Profiler.ProfileNode['callFrame']) => boolean,
): Promise<number> {
  const session = new Session()
  session.connect()
  try {
    await session.post('Profiler.enable')
    await session.post('Profiler.setSamplingInterval', { interval: EVERY_MICROSECONDS })
    await session.post('Profiler.start')
    await work()
    const { profile } = await session.post('Profiler.stop')
    return shareIn(profile, counts)
  } finally {
    session.disconnect()
  }
}

function shareIn(
  { nodes, samples = [] }: Profiler.Profile,
  counts: (frame: Profiler.ProfileNode['callFrame']) => boolean,
): number {
  const idle = new Set(nodes.filter(({ callFrame }) => callFrame.functionName === '(idle)').map(({ id }) => id))
  // What built-in functions take is their caller's: a clock that is read, a map that is searched.
  const counted = new Set<number>()
  const visit = (node: Profiler.ProfileNode, inside: boolean): void => {
    const { url } = node.callFrame
    const here = url === '' || url.startsWith('node:') ? inside : counts(node.callFrame)
    if (here) counted.add(node.id)
    for (const child of node.children ?? []) {
      const next = byId.get(child)
      if (next !== undefined) visit(next, here)
    }
  }
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const [root] = nodes
  if (root !== undefined) visit(root, false)
  const busy = samples.filter((id) => !idle.has(id))
  return busy.filter((id) => counted.has(id)).length / busy.length
}

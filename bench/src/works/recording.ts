import { scatteredIds } from '../files/items.ts'
import { repeatFor } from '../measure/repeat-for.ts'
import { shareOfTime } from '../measure/time-in.ts'
import { withClient } from '../measure/with-client.ts'
import { lanesOf, type Work } from '../work.ts'

const WARM_MS = { quick: 500, full: 1000 }
const MEASURE_MS = { quick: 1000, full: 3000 }

/** Where statements are watched and recorded. */
const RECORDING = /\/(?:src|dist)\/(?:watch|engine\/metrics)\/|sqlite\/fingerprint/

/** What it costs that every statement is recorded. */
export const recording: Work = {
  name: 'recording',
  title: 'Recording metrics of `findById`',
  about:
    'Recording is always on, so there is nothing to compare with: the share of a point read that is spent in its functions, as the ' +
    "sampling profiler of V8 sees it, what they call of Node.js's own included.",
  lanes: lanesOf(['noormme']),
  metrics: [{ name: 'share', title: 'share of a point read', better: 'lower' }],
  bars: [{ kind: 'value', metric: 'share', of: 'noormme', atMost: 0.06 }],
  rounds: { quick: 2, full: 10 },
  run: (trial) =>
    withClient(trial, async (client) => {
      const ids = scatteredIds()
      const read = (index: number) => client.findById(ids[index % ids.length] ?? 1)
      await repeatFor(WARM_MS[trial.size], read)
      const share = await shareOfTime(
        () => repeatFor(MEASURE_MS[trial.size], read),
        ({ url }) => RECORDING.test(url),
      )
      return { share }
    }),
}

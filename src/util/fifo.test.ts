import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Fifo, type Place } from './fifo.ts'

interface Step {
  readonly op: 'push' | 'unshift' | 'shift' | 'peek' | 'drain' | 'remove'
  /** Which of all values ever queued is removed. */
  readonly at: number
}

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    op: fc.constantFrom('push', 'push', 'push', 'unshift', 'shift', 'peek', 'drain', 'remove', 'remove'),
    at: fc.nat(50),
  }),
  { maxLength: 100 },
)

test('is in the order that an array would be in, whatever is taken out of its middle', () => {
  fc.assert(
    fc.property(steps, (all) => {
      const queue = new Fifo<number>()
      let model: number[] = []
      const places: Place<number>[] = []
      for (const [value, step] of all.entries()) {
        if (step.op === 'push') {
          places[value] = queue.push(value)
          model.push(value)
        } else if (step.op === 'unshift') {
          places[value] = queue.unshift(value)
          model.unshift(value)
        } else if (step.op === 'shift') expect(queue.shift()).toBe(model.shift())
        else if (step.op === 'peek') expect(queue.peek()).toBe(model[0])
        else if (step.op === 'drain') {
          expect(queue.drain()).toEqual(model)
          model = []
        } else {
          const place = places[step.at]
          if (place === undefined) continue
          expect(queue.remove(place)).toBe(model.includes(step.at))
          model = model.filter((one) => one !== step.at)
        }
        expect(queue.size).toBe(model.length)
      }
      expect(queue.drain()).toEqual(model)
    }),
  )
})

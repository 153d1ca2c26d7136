/**
 * Which calls belong together: those that one run of some code makes, one after another or in one go. Ten visitors who
 * each ask once, from the same line and at the same time, are ten flows.
 *
 *     call ──▶ the flow of the async context, as its next step
 *                   │ somebody else has taken that step already: two runs that began in one context
 *                   └──▶ a flow of its own
 *
 * Each call leaves the flow and its step in the async context of the code that makes it, so what this code does next
 * finds its own step to be the latest. A request to a server of Node.js begins without a flow, whatever the connection or
 * the server were made in.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { subscribe } from 'node:diagnostics_channel'
import { type Origin, originOfCall } from '../engine/thread/origin.ts'

/** Calls that belong together. */
export class Flow {
  steps = 0
}

/** One call by a user's code. */
export interface Call {
  readonly flow: Flow
  readonly step: number
  readonly origin: Origin
}

let context: AsyncLocalStorage<Call | undefined> | null = null

/** Notes a call. To be called while the user's code is on the stack, before anything is awaited. */
export function enterCall(): void {
  context ??= createContext()
  const before = context.getStore()
  const flow = before !== undefined && before.step === before.flow.steps ? before.flow : new Flow()
  context.enterWith({ flow, step: ++flow.steps, origin: originOfCall() })
}

/** The call that the running code works for. */
export function currentCall(): Call | undefined {
  return context?.getStore()
}

/** One for all databases: a run of code that uses two is one flow. Refers to none of them, so it keeps none alive. */
function createContext(): AsyncLocalStorage<Call | undefined> {
  const made = new AsyncLocalStorage<Call | undefined>()
  subscribe('http.server.request.start', () => made.enterWith(undefined))
  return made
}

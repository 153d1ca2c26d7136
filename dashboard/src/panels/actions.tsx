import { useState } from 'preact/hooks'
import type { ActionName, ActionResult } from '../../../src/dashboard/protocol.ts'
import { Dialog } from '../parts/dialog.tsx'
import { Sign } from '../parts/status.tsx'
import { type Problem, runAction } from '../state/api.ts'

const ACTIONS: Readonly<Record<ActionName, { readonly name: string; readonly what: string }>> = {
  checkpoint: {
    name: 'Checkpoint',
    what: 'Copies what is in the log into the database file, so that the log can start again. Writes go on; the disk is busy for a moment.',
  },
  optimize: {
    name: 'Optimise',
    what: 'Lets SQLite gather statistics where they are out of date, so that it chooses better plans. No row is changed; writes wait while it runs.',
  },
  backup: {
    name: 'Back up now',
    what: 'Copies the database to where its backups are kept, opens the copy and checks it. Writes go on; the disk has more to do.',
  },
}

interface ActionButtonProps {
  readonly name: ActionName
  /** What the server allows. */
  readonly offered: readonly ActionName[]
}

/** There only where the server allows it, and it asks first. */
export function ActionButton({ name, offered }: ActionButtonProps) {
  const [isOpen, setOpen] = useState(false)
  if (!offered.includes(name)) return null
  return (
    <>
      <button type="button" class="button" onClick={() => setOpen(true)}>
        {`${ACTIONS[name].name}…`}
      </button>
      {isOpen && <Confirmation name={name} onClose={() => setOpen(false)} />}
    </>
  )
}

type Progress = 'asking' | 'running' | ActionResult

function Confirmation({ name, onClose }: { readonly name: ActionName; readonly onClose: () => void }) {
  const [progress, setProgress] = useState<Progress>('asking')
  const run = () => {
    setProgress('running')
    runAction(name).then(setProgress, (problem: Problem) => setProgress({ ok: false, detail: problem.message }))
  }
  const isDone = typeof progress === 'object'
  return (
    <Dialog title={ACTIONS[name].name} onClose={onClose}>
      <p>{ACTIONS[name].what}</p>
      <div role="status">
        {progress === 'running' && <p class="aside">Running…</p>}
        {isDone && (
          <p class="line-with-sign action-result">
            <Sign tone={progress.ok ? 'good' : 'act'} />
            <span>{progress.detail}</span>
          </p>
        )}
      </div>
      {!isDone && (
        <div class="dialog-buttons">
          <button type="button" class="button button-primary" disabled={progress === 'running'} onClick={run}>
            {ACTIONS[name].name}
          </button>
        </div>
      )}
    </Dialog>
  )
}

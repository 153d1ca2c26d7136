import { Dialog } from '../parts/dialog.tsx'
import { isHelpOpen } from '../state/page.ts'
import { SHORTCUTS } from '../state/shortcuts.ts'
import { useStore } from '../state/store.ts'

export function Help() {
  const isOpen = useStore(isHelpOpen)
  if (!isOpen) return null
  return (
    <Dialog title="Reading this page" onClose={() => isHelpOpen.set(false)}>
      <p>
        Figures at the top are of the last five seconds. Charts show the chosen time; point at one, or focus it and use
        the arrow keys, to read all of them at the same moment. Tables of statements count since the database was
        opened.
      </p>
      <p>
        <strong>good</strong>, <strong>watch</strong> and <strong>act</strong> say how a figure compares with what a
        database of this kind should do. No value that was bound to a statement is ever shown.
      </p>
      <h3>Keys</h3>
      <dl class="shortcuts">
        {SHORTCUTS.map(({ keys, does }) => (
          <div key={does}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  )
}

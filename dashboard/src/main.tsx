import { render } from 'preact'
import { App } from './app.tsx'
import { feed, followAddress } from './state/page.ts'
import { applyTheme } from './state/preferences.ts'
import { listenForKeys } from './state/shortcuts.ts'
import 'uplot/dist/uPlot.min.css'
import './styles/tokens.css'
import './styles/page.css'
import './styles/parts.css'
import './styles/charts.css'
import './styles/tables.css'
import './styles/panels.css'

applyTheme()
followAddress()
listenForKeys()
const root = document.getElementById('app')
if (root !== null) {
  root.replaceChildren()
  render(<App />, root)
}
feed.start()

/** Quilt: square patches of quarter rounds, half rounds, arcs and triangles, sewn into one sheet. */
import type { Sketch } from '../sketch.ts'
import { backdrop, HEIGHT, WIDTH } from '../svg.ts'

export function quilt({ random, noise, palette }: Sketch): string {
  const columns = random.pick([4, 4, 5, 8])
  const side = WIDTH / columns
  const rows = HEIGHT / side
  const symmetric = random.chance(0.35)
  const tones = [0.08, 0.3, 0.5, 0.75, 1] as const
  const seen = new Map<string, { readonly kind: number; readonly turn: number }>()
  const unit = 100
  let body = ''

  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) body += patch(row, column)
  }
  return `${backdrop(palette.ground)}<g transform="scale(${side / unit})">${body}</g>`

  function patch(row: number, column: number): string {
    const mirrored = symmetric && column >= columns / 2
    const key = `${row}:${mirrored ? columns - 1 - column : column}`
    const { kind, turn } = seen.get(key) ?? { kind: random.int(0, 8), turn: random.int(0, 3) * 90 }
    seen.set(key, { kind, turn })

    const drift = noise(column * 0.45, row * 0.45)
    const first = tones[(random.int(0, 1) + Math.round((drift + 1) * 1.6)) % tones.length] ?? 0.5
    const under = random.chance(0.3) ? palette.ground : palette.ramp(first)
    const contrast = random.chance(0.16) ? palette.accent : palette.ramp(first > 0.45 ? first - 0.42 : first + 0.48)
    const flip = mirrored ? 'scale(-1 1)' : ''
    const place = `translate(${column * unit + 50} ${row * unit + 50})${flip}rotate(${turn})`
    return (
      `<g transform="${place}"><path d="M-50.3-50.3h100.6v100.6h-100.6z" fill="${under}"/>` +
      `${shape(kind, contrast, under)}</g>`
    )
  }

  function shape(kind: number, color: string, under: string): string {
    switch (kind) {
      case 0:
        return `<path d="M-50-50h100a100 100 0 0 1-100 100z" fill="${color}"/>`
      case 1:
        return `<path d="M-50-50a50 50 0 0 0 100 0zM-50 0a50 50 0 0 0 100 0z" fill="${color}"/>`
      case 2:
        return `<circle r="50" fill="${color}"/><circle r="25" fill="${under}"/>`
      case 3:
        return `<path d="M-50-50h100l-100 100z" fill="${color}"/>`
      case 4: {
        const arcs = [85, 60, 35].map((r) => `M${r - 50}-50a${r} ${r} 0 0 1-${r} ${r}`).join('')
        return `<path d="${arcs}" fill="none" stroke="${color}" stroke-width="13"/>`
      }
      case 5:
        return `<path d="M-50 0a50 50 0 0 1 50-50a50 50 0 0 1-50 50M50 0a50 50 0 0 1-50 50a50 50 0 0 1 50-50M-50 0a50 50 0 0 1 50 50a50 50 0 0 1-50-50M50 0a50 50 0 0 1-50-50a50 50 0 0 1 50 50" fill="${color}"/>`
      case 6:
        return `<path d="M-50-50h100v50a50 50 0 0 1-100 0z" fill="${color}"/><circle r="18" fill="${under}"/>`
      case 7:
        return `<path d="M-50-50c66 0 100 34 100 100c-66 0-100-34-100-100z" fill="${color}"/>`
      default:
        return `<path d="M-50-34h100M-50-2h100M-50 30h100" stroke="${color}" stroke-width="14"/>`
    }
  }
}

import { quantity, type Unit } from '../format/quantity.ts'

/** A number and its unit, each as wide as it ever gets, so that nothing jumps when it changes. */
export function Figure({ value, unit }: { readonly value: number | null | undefined; readonly unit: Unit }) {
  const { value: number, unit: name } = quantity(value, unit)
  return (
    <span class="figure">
      <span class="figure-value">{number}</span>
      {/* Read aloud and copied as “12 ms”. */}
      {name === '' || name === '/s' ? '' : ' '}
      <span class={`figure-unit figure-unit-${unit}`}>{name}</span>
    </span>
  )
}

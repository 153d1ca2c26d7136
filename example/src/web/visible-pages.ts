/** Which page numbers a pager shows. */

/** Page numbers in order, `null` where some are left out. */
export function visiblePages(page: number, pages: number): readonly (number | null)[] {
  const wanted = new Set([1, page - 2, page - 1, page, page + 1, page + 2, pages].filter((p) => p >= 1 && p <= pages))
  const shown: (number | null)[] = []
  let last = 0
  for (const number of [...wanted].sort((a, b) => a - b)) {
    if (number > last + 1) shown.push(number === last + 2 ? last + 1 : null)
    shown.push(number)
    last = number
  }
  return shown
}

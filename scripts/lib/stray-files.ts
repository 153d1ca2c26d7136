/** Finds what does not belong into the published package. */

/**
 * The guides, which hints and the README refer to, the front end of the dashboard, which another tool builds, and the
 * extension in C with its source.
 */
const FREE = /^(docs\/[^/]+\.md$|dist\/dashboard\/page\/|native\/(prebuilt\/[a-z0-9-]+\.node|noormme\.c)$)/
const OUTPUT = /(?:\.d\.ts|\.js|\.js\.map)$/

/** One sentence for each file of the tarball that has no business there. */
export function strayFiles(packed: readonly string[], sources: readonly string[]): readonly string[] {
  const modules = new Set(sources.filter((path) => /\.tsx?$/.test(path)).map((path) => path.replace(/\.tsx?$/, '')))
  return packed.flatMap((path) => {
    if (['package.json', 'README.md', 'CHANGELOG.md', 'LICENSE'].includes(path) || FREE.test(path)) return []
    if (/\.test(?:-d)?\./.test(path)) return [`the tarball has a test: ${path}`]
    if (!path.startsWith('dist/') || !OUTPUT.test(path)) return [`the tarball has ${path}, which nobody needs`]
    const module = path.replace(/^dist\//, 'src/').replace(OUTPUT, '')
    return modules.has(module) ? [] : [`the tarball has ${path}, whose source is gone; build again`]
  })
}

/** Whether the commands that a page tells people to type exist. */
import type { CodeBlock } from './markdown.ts'
import { listFiles, readText } from './source.ts'

export async function shellProblems(root: string, blocks: readonly CodeBlock[]): Promise<readonly string[]> {
  const { scripts = {} } = JSON.parse((await readText(root, 'package.json')) ?? '{}')
  const commands = await listFiles(root, 'src/cli/commands')
  return blocks.flatMap(({ code, line }) => {
    const names = [...code.matchAll(/\bnpm (?:run ([\w:-]+)|(start|test))\b/g)].map(
      (match) => match[1] ?? match[2] ?? '',
    )
    const verbs = [...code.matchAll(/\bnpx noormme ([a-z][\w-]*)/g)].map((match) => match[1] ?? '')
    return [
      ...names.filter((name) => !(name in scripts)).map((name) => `package.json has no script "${name}"`),
      ...verbs
        .filter((verb) => !commands.includes(`src/cli/commands/${verb}.ts`))
        .map((verb) => `noormme has no command "${verb}"`),
    ].map((problem) => `README.md:${line}: ${problem}`)
  })
}

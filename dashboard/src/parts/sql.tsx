import { broken, oneLine, tokens } from '../format/sql.ts'
import { CopyButton } from './copy-button.tsx'

/** A statement in one line, cut off where the line ends. */
export function SqlLine({ sql }: { readonly sql: string }) {
  return (
    <code class="sql sql-line" title={sql}>
      <Coloured sql={oneLine(sql)} />
    </code>
  )
}

/** All of a statement, with a button that copies it as it is. */
export function SqlBlock({ sql, label = 'SQL' }: { readonly sql: string; readonly label?: string }) {
  return (
    <CodeBlock text={sql} label={label}>
      <Coloured sql={broken(sql)} />
    </CodeBlock>
  )
}

interface CodeBlockProps {
  readonly text: string
  readonly label: string
  readonly children?: preact.ComponentChildren
}

export function CodeBlock({ text, label, children }: CodeBlockProps) {
  return (
    <div class="code-block">
      <pre class="sql">
        <code>{children ?? text}</code>
      </pre>
      <CopyButton text={text} label={label} />
    </div>
  )
}

/** `EXPLAIN QUERY PLAN`, with the steps marked that read all of a table. */
export function Plan({ lines }: { readonly lines: readonly string[] }) {
  return (
    <div class="code-block">
      <pre class="plan">
        {lines.map((line, index) => (
          <span key={`${index}:${line}`} class={isScan(line) ? 'plan-scan' : undefined}>
            {`${line}\n`}
          </span>
        ))}
      </pre>
      <CopyButton text={lines.join('\n')} label="the plan" />
    </div>
  )
}

/** A scan without an index, or a sort that an index would spare. */
export const isScan = (line: string): boolean =>
  (/\bSCAN\b/.test(line) && !/USING (?:COVERING )?INDEX|VIRTUAL TABLE|CONSTANT ROW/.test(line)) ||
  /USE TEMP B-TREE/.test(line)

function Coloured({ sql }: { readonly sql: string }) {
  return (
    <>
      {tokens(sql).map(({ kind, text }, index) =>
        kind === 'text' ? (
          text
        ) : (
          <span key={`${index}:${text}`} class={`sql-${kind}`}>
            {text}
          </span>
        ),
      )}
    </>
  )
}

import { expect, test } from 'vitest'
import { fullTextContent } from './full-text.ts'

test.each([
  ["fts5(title, content='works', content_rowid='id')", { table: 'works', rowid: 'id' }],
  ['fts5(title, content=works)', { table: 'works', rowid: 'rowid' }],
  [
    'FTS5 (title UNINDEXED , CONTENT = "my works", tokenize = \'porter unicode61\', content_rowid = [the id])',
    { table: 'my works', rowid: 'the id' },
  ],
  ["fts5(title, content='it''s', prefix='2 3')", { table: "it's", rowid: 'rowid' }],
  ["fts5(title, content='')", null],
  ['fts5(content, title)', null],
  ["fts5(a, tokenize = 'content')", null],
])('CREATE VIRTUAL TABLE f USING %s', (using, expected) => {
  expect(fullTextContent(`CREATE VIRTUAL TABLE "f t" USING ${using}`)).toEqual(expected)
})

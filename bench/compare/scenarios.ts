/** What is compared. The folder of each scenario has a script for every contestant. */

export interface Scenario {
  /** The name of its folder. */
  readonly name: string
  readonly title: string
  readonly about: string
  /** Of one whose scripts find several things: what each is called, by the name in their verdicts. */
  readonly rows?: Readonly<Record<string, string>>
  /** How often each script is run; the worst counts. More than once where chance decides. */
  readonly times: number
}

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'overlapping-transactions',
    title: 'Two overlapping transactions, one of which fails',
    about: "A writes; B writes and commits; A fails. B's row has to be there, A's must not.",
    times: 1,
  },
  {
    name: 'outer-handle',
    title: 'The outer handle used inside a transaction',
    about:
      'A function called in a transaction writes by the handle that everybody uses. It may become a part of the transaction, or be ' +
      'refused; it must not wait for the transaction that waits for it.',
    times: 1,
  },
  {
    name: 'read-during-transaction',
    title: 'Another request reads during a transaction',
    about: 'It must see what is committed only, and should not have to wait.',
    times: 1,
  },
  {
    name: 'write-during-transaction',
    title: 'Another request writes during a transaction that fails',
    about: 'What it wrote, and was told that it is written, has to stay.',
    times: 1,
  },
  {
    name: 'read-then-write',
    title: '50 read-then-write transactions at once',
    about: 'Fifty requests each read a counter, add one and write it. It has to end at fifty.',
    times: 3,
  },
  {
    name: 'four-processes',
    title: 'Four processes, read-then-write',
    about:
      'Four processes on one file each do that a hundred times. Nobody tries again after an error. With a plain BEGIN no timeout helps: ' +
      'SQLite does not wait where two that have read both want to write.',
    times: 3,
  },
  {
    name: 'processes-insert',
    title: 'Four processes, single inserts',
    about:
      'Four processes on one file each insert a hundred rows, one after another. Nobody tries again after an error.',
    times: 3,
  },
  {
    name: 'failing-statement',
    title: 'A statement fails among concurrent writes',
    about: 'Of twenty inserts at once one breaks a constraint. It alone has to fail, and no lock may stay behind.',
    times: 3,
  },
  {
    name: 'log-growth',
    title: 'The write-ahead log under overlapping readers',
    about:
      'Other processes read all the time while 94 MiB are written. The log should not keep all of it: at most 64 MiB.',
    times: 1,
  },
  {
    name: 'long-read',
    title: 'The event loop during a long read',
    about: 'One request asks for something that takes a second or more. All others should go on.',
    times: 1,
  },
  {
    name: 'cancelled-query',
    title: 'A cancelled query',
    about:
      'The user goes away after 200 ms of a query that takes seconds. The call has to end then, and the work with it.',
    times: 1,
  },
  {
    name: 'power-cut',
    title: 'Acknowledged rows after a power cut',
    about:
      'Rows are inserted one by one; after each acknowledgement the power fails, and only what an fsync has confirmed is on the disk. ' +
      'How many of the acknowledged rows are gone? With a rollback journal FULL does not sync the folder in which the journal is ' +
      'deleted, so the last commit may be undone; in WAL mode NORMAL does not sync at commits.',
    rows: { delete: 'a new file, as the tool opens it', wal: 'a file in WAL mode' },
    times: 1,
  },
  {
    name: 'values',
    title: 'Values',
    about: 'What goes in has to come out, or be refused; never another value without a word.',
    rows: {
      integer: 'an integer beyond 2^53',
      bytes: 'bytes (BLOB)',
      boolean: 'a boolean',
      nan: 'NaN, which SQLite stores as NULL',
    },
    times: 1,
  },
  {
    name: 'rebuilt-parent',
    title: 'A migration makes a parent table anew',
    about:
      'A column of a table that another refers to, ON DELETE CASCADE, gets another type. The rows that refer to it have to be there ' +
      'afterwards. TypeORM and MikroORM write that migration themselves, noormme has it written by hand and counts the rows.',
    times: 1,
  },
  {
    name: 'failed-migration',
    title: 'A migration fails at its second statement',
    about: 'Nothing of it may stay.',
    times: 1,
  },
]

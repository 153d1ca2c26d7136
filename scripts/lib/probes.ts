/** Programs that the package check runs in an empty project; `process.argv[1]` is what to load. */

export const IMPORT = `
  import(process.argv[1]).then((module) => {
    if (Object.keys(module).length === 0) throw new Error('it exports nothing')
  })`

export const REQUIRE = `
  const module = require(process.argv[1])
  if (Object.keys(module).length === 0) throw new Error('it exports nothing')`

/** Must end by itself: nothing here calls process.exit(). */
export const WRITE_AND_READ = `
  import(process.argv[1]).then(async ({ NOORMME }) => {
    const db = new NOORMME('./probe.db')
    await db.initialize()
    await db.execute('create table note (id integer primary key, text text)')
    await db.execute('insert into note (text) values (?)', ['hello'])
    const { rows } = await db.execute('select id, text from note')
    if (JSON.stringify(rows) !== '[{"id":1,"text":"hello"}]') throw new Error(JSON.stringify(rows))
    await db.close()
    console.log('wrote and read')
  })`

/** Prints the code and the message of the refusal. */
export const CONSTRUCT = `
  import(process.argv[1]).then(({ NOORMME }) => new NOORMME('./probe.db')).then(
    () => console.log('not refused'),
    (error) => console.log(error.code + ' ' + error.message),
  )`

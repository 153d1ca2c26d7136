/** Tests that are run once, with the native extension. */

/** For vitest: what never meets the extension, or only through what is tested both times below it, is the same without. */
export const ONCE: readonly string[] = [
  'scripts/**',
  'src/{advice,backup,cli,config,dashboard,health,migrations,schema,util,watch}/**',
  'src/engine/{archive,backup,metrics}/**',
  'src/repository/{relations/**,paginate*}',
  // They ask for the extension whatever the environment says.
  'test/native.test.ts',
  'test/{archive,auth,compare,dashboard,docs,package,stories,types}/**',
  'test/{archive,backup,generate,live}*.test.ts',
  'test/{camel-case,clean-hands,cli,drift,events,held-repositories,http-handlers,litestream,logging,n-plus-one}.test.ts',
  'test/{open-telemetry,point-in-time,schema-change,schema-watching,slow-statements,table-rules,validation}.test.ts',
  'test/conformance/repositories/**',
  'test/crash/{append,archive,backups,bank,damaged-log,disk-full,fsync-failure,kill,power-cut,processes}.test.ts',
].flatMap((files) => ['--exclude', files])

/*
** Drives the extension from many threads at once, for valgrind and ThreadSanitizer: see stress.test.ts. Compiled together
** with SQLite and with noormme.c itself, so that static functions can be called and the watchdog can be held at a gate.
** Prints "ok" and ends with 0, or says which line failed.
*/
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>

static void at_gate(void);
#define BEFORE_WATCHDOG_INTERRUPTS() at_gate()
#include "../noormme.c"

static atomic_bool gate_is_used = false;
static sem_t gate_reached, gate_opens;

static void at_gate(void) {
  if (!atomic_load(&gate_is_used)) return;
  sem_post(&gate_reached);
  sem_wait(&gate_opens);
}

#define CHECK(condition)                                              \
  do {                                                                \
    if (!(condition)) {                                               \
      fprintf(stderr, "line %d: %s\n", __LINE__, #condition);         \
      exit(1);                                                        \
    }                                                                 \
  } while (0)

static const char SECRET[SECRET_BYTES] = "0123456789abcde";
static const char COUNT[] = "WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c LIMIT ?) SELECT count(*) FROM c";

static sqlite3 *open_connection(void) {
  sqlite3 *db = NULL;
  char *error = NULL;
  CHECK(sqlite3_open_v2(":memory:", &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK);
  CHECK(sqlite3_extension_init(db, &error, NULL) == SQLITE_OK_LOAD_PERMANENTLY);
  return db;
}

/* What the function answers, or -1000 when it refuses or is interrupted. */
static sqlite3_int64 ask(sqlite3 *db, const char *secret, const char *operation, sqlite3_int64 argument) {
  sqlite3_stmt *statement = NULL;
  if (sqlite3_prepare_v2(db, "SELECT noormme_native(?, ?, ?)", -1, &statement, NULL) != SQLITE_OK) return -1000;
  sqlite3_bind_blob(statement, 1, secret, SECRET_BYTES, SQLITE_STATIC);
  sqlite3_bind_text(statement, 2, operation, -1, SQLITE_STATIC);
  sqlite3_bind_int64(statement, 3, argument);
  sqlite3_int64 answer = sqlite3_step(statement) == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : -1000;
  sqlite3_finalize(statement);
  return answer;
}

/* SQLITE_ROW, or how it failed. */
static int count_to(sqlite3 *db, sqlite3_int64 limit) {
  sqlite3_stmt *statement = NULL;
  int prepared = sqlite3_prepare_v2(db, COUNT, -1, &statement, NULL);
  if (prepared != SQLITE_OK) return prepared;
  sqlite3_bind_int64(statement, 1, limit);
  int result = sqlite3_step(statement);
  sqlite3_finalize(statement);
  return result;
}

static void in_threads(int count, void *(*run)(void *)) {
  pthread_t threads[16];
  for (int index = 0; index < count; index++) CHECK(pthread_create(&threads[index], NULL, run, NULL) == 0);
  for (int index = 0; index < count; index++) pthread_join(threads[index], NULL);
}

/* ---- A handle's life ---- */

static void test_claim(void) {
  sqlite3 *db = open_connection();
  CHECK(ask(db, SECRET, "plans", 1) == -1000);
  sqlite3_int64 id = ask(db, SECRET, "claim", 0);
  CHECK(id > 0);
  CHECK(ask(db, SECRET, "claim", 0) == -1000);
  CHECK(ask(db, "0123456789abcdX", "plans", 1) == -1000);
  CHECK(ask(db, SECRET, "plans", -1) == 0);
  CHECK(ask(db, SECRET, "plans", 1) == 1);
  CHECK(interrupt_handle(id));
  CHECK(count_to(db, 10) == SQLITE_ROW);
  sqlite3_close(db);
  CHECK(!interrupt_handle(id));
  CHECK(table == NULL);
}

/* A zombie is still memory of SQLite's; its handle goes when it does. */
static void test_zombie(void) {
  sqlite3 *db = open_connection();
  sqlite3_int64 id = ask(db, SECRET, "claim", 0);
  CHECK(ask(db, SECRET, "watch", 5) >= 0);
  sqlite3_stmt *statement = NULL;
  CHECK(sqlite3_prepare_v2(db, COUNT, -1, &statement, NULL) == SQLITE_OK);
  CHECK(sqlite3_close_v2(db) == SQLITE_OK);
  CHECK(interrupt_handle(id));
  sqlite3_finalize(statement);
  CHECK(!interrupt_handle(id));
  CHECK(table == NULL && watched == 0);
}

/* Another function under its name takes its place: SQLite destroys the handle, and the connection lives on. */
static void test_replaced(void) {
  sqlite3 *db = open_connection();
  char *error = NULL;
  sqlite3_int64 id = ask(db, SECRET, "claim", 0);
  CHECK(sqlite3_extension_init(db, &error, NULL) == SQLITE_OK_LOAD_PERMANENTLY);
  CHECK(!interrupt_handle(id));
  CHECK(ask(db, SECRET, "claim", 0) > id);
  sqlite3_close(db);
  CHECK(table == NULL);
}

/* ---- Interrupts against connections that open and close ---- */

static atomic_bool interrupting = true;
static atomic_int rounds = 0;

static void *open_and_close(void *unused) {
  (void)unused;
  while (atomic_fetch_add(&rounds, 1) < ROUNDS) {
    sqlite3 *db = open_connection();
    ask(db, SECRET, "claim", 0);
    int result = count_to(db, 200);
    CHECK(result == SQLITE_ROW || result == SQLITE_INTERRUPT);
    sqlite3_close(db);
  }
  return NULL;
}

static void *interrupt_all(void *unused) {
  while (atomic_load(&interrupting)) {
    mutex_lock(&table_mutex);
    sqlite3_int64 newest = last_id;
    mutex_unlock(&table_mutex);
    for (sqlite3_int64 id = newest > 8 ? newest - 8 : 1; id <= newest + 1; id++) interrupt_handle(id);
  }
  return unused;
}

static void test_interrupts(void) {
  pthread_t interrupter;
  CHECK(pthread_create(&interrupter, NULL, interrupt_all, NULL) == 0);
  in_threads(4, open_and_close);
  atomic_store(&interrupting, false);
  pthread_join(interrupter, NULL);
  CHECK(table == NULL);
}

/* ---- The watchdog ---- */

static void test_watchdog(void) {
  sqlite3 *db = open_connection();
  ask(db, SECRET, "claim", 0);
  int watch = (int)ask(db, SECRET, "watch", 20);
  CHECK(watch >= 0);
  run_begin(watch);
  CHECK(count_to(db, 1000000000000) == SQLITE_INTERRUPT);
  CHECK(run_end(watch));
  run_begin(watch);
  CHECK(count_to(db, 10) == SQLITE_ROW);
  CHECK(!run_end(watch));
  CHECK(ask(db, SECRET, "watch", 0) == NO_WATCH);
  CHECK(watched == 0);
  sqlite3_close(db);
}

/*
** The watchdog has decided, and is held before it interrupts; the run ends meanwhile:
**
**   connection               watchdog
**   begin
**                            stopping
**   end: waits               gate
**                            interrupt, stopped
**   end returns true
**   next statement runs unharmed
*/
static atomic_bool ended = false;
static int gated_watch;

static void *end_run(void *unused) {
  CHECK(run_end(gated_watch));
  atomic_store(&ended, true);
  return unused;
}

static void test_late_interrupt(void) {
  sqlite3 *db = open_connection();
  ask(db, SECRET, "claim", 0);
  gated_watch = (int)ask(db, SECRET, "watch", 1);
  atomic_store(&gate_is_used, true);
  run_begin(gated_watch);
  sem_wait(&gate_reached);
  pthread_t thread;
  CHECK(pthread_create(&thread, NULL, end_run, NULL) == 0);
  for (int index = 0; index < 1000; index++) yield();
  CHECK(!atomic_load(&ended));
  atomic_store(&gate_is_used, false);
  sem_post(&gate_opens);
  pthread_join(thread, NULL);
  for (int index = 0; index < 100; index++) CHECK(count_to(db, 1000) == SQLITE_ROW);
  sqlite3_close(db);
}

/* Connections that are watched, run over and under their limit, and close, in several threads. */
static void *watch_and_run(void *unused) {
  while (atomic_fetch_add(&rounds, 1) < ROUNDS / 4) {
    sqlite3 *db = open_connection();
    ask(db, SECRET, "claim", 0);
    int watch = (int)ask(db, SECRET, "watch", 1);
    for (int index = 0; index < 20; index++) {
      run_begin(watch);
      int result = count_to(db, index % 10 == 0 ? 50000 : 10);
      bool stopped = run_end(watch);
      CHECK(result == SQLITE_ROW || stopped);
      CHECK(count_to(db, 10) == SQLITE_ROW);
    }
    if (atomic_load(&rounds) % 2 == 0) ask(db, SECRET, "watch", 0);
    sqlite3_close(db);
  }
  return unused;
}

static void test_watches(void) {
  atomic_store(&rounds, 0);
  in_threads(4, watch_and_run);
  CHECK(table == NULL && watched == 0);
}

/* More than there are: the rest is told that it has none. */
static void test_too_many_watches(void) {
  sqlite3 *all[MAX_WATCHES + 1];
  for (int index = 0; index <= MAX_WATCHES; index++) {
    all[index] = open_connection();
    ask(all[index], SECRET, "claim", 0);
    CHECK(ask(all[index], SECRET, "watch", 1000) == (index < MAX_WATCHES ? index : NO_WATCH));
  }
  run_begin(NO_WATCH);
  CHECK(!run_end(NO_WATCH) && !run_end(MAX_WATCHES));
  for (int index = 0; index <= MAX_WATCHES; index++) sqlite3_close(all[index]);
  CHECK(watched == 0);
}

int main(void) {
  sem_init(&gate_reached, 0, 0);
  sem_init(&gate_opens, 0, 0);
  test_claim();
  test_zombie();
  test_replaced();
  test_interrupts();
  test_watchdog();
  test_late_interrupt();
  test_watches();
  test_too_many_watches();
  puts("ok");
  return 0;
}

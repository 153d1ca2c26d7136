/*
** noormme's SQLite extension: what SQLite offers to C and to nobody else. It is optional; see README.md.
**
** One library with two doors, for two kinds of callers:
**
**   SQL function     noormme_native(secret, operation, argument), on the connection itself, for what concerns it:
**                    stable plans, counters, a watch, a look-out for commits. Loaded by sqlite3_load_extension.
**   addon functions  interrupt(id), begin(watch), end(watch), changed(lookout), for what comes from another thread, or
**                    before and after each read, where a call through SQL would cost a fifth of the read. Loaded by
**                    process.dlopen; the five functions of Node-API that they need are looked up at run time.
**
** The life of a handle:
**
**     (none) --extension loaded--> unclaimed --'claim'--> claimed, in the table --connection closes--> freed
**                                      |                                                                 ^
**                                      +---------------------connection closes---------------------------+
**
**   unclaimed  known to its connection alone; the first call makes it its own with 16 random bytes
**   claimed    has an id and stands in the table, where any thread finds it; every call must bring the same 16 bytes
**   freed      by the function's destructor, which takes it out of the table first, under the mutex. SQLite calls that
**              when it frees the connection: for one that sqlite3_close_v2() left as a zombie when its last statement
**              ends. So a connection in the table is never a freed one.
**
** The life of a run, one word for each watch: its number, and one of
**
**     idle --begin--> running --end--> idle
**                        |
**                        +--overdue: watchdog--> stopping --interrupted--> stopped --end--> idle
**
** Whoever takes the word from running to another state owns the run's end: an end that comes too late waits for
** `stopped`. So an interrupt is over before the run is, and SQLite clears it when the next statement starts
** (https://sqlite.org/c3ref/interrupt.html). The watchdog is a thread while anything is watched; it sleeps when nothing
** ran since it last looked.
**
** The connection's thread, the watchdog and interrupters share the table and the watches; both are under `table_mutex`,
** but for the words of runs, which are atomic. The library stays loaded, because its thread may outlive a connection.
*/
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "sqlite3ext.h"
SQLITE_EXTENSION_INIT1

/* sqlite3_db_status64() is the newest thing used. */
#define OLDEST_SQLITE 3051000

/* ---- Threads: POSIX and Windows ---------------------------------------------------------------------------------- */

#ifdef _WIN32
#define WIN32_LEAN_AND_MEAN
#include <windows.h>
#define EXPORT __declspec(dllexport)
typedef SRWLOCK Mutex;
typedef CONDITION_VARIABLE Condition;
typedef HANDLE Thread;
#define MUTEX_INIT SRWLOCK_INIT
static void mutex_lock(Mutex *mutex) { AcquireSRWLockExclusive(mutex); }
static void mutex_unlock(Mutex *mutex) { ReleaseSRWLockExclusive(mutex); }
static void condition_init(Condition *condition) { InitializeConditionVariable(condition); }
static void condition_destroy(Condition *condition) { (void)condition; }
static void condition_signal(Condition *condition) { WakeConditionVariable(condition); }
static void condition_wait(Condition *condition, Mutex *mutex) {
  SleepConditionVariableSRW(condition, mutex, INFINITE, 0);
}
static void condition_wait_ms(Condition *condition, Mutex *mutex, int64_t ms) {
  SleepConditionVariableSRW(condition, mutex, (DWORD)ms, 0);
}
static int64_t now_ms(void) { return (int64_t)GetTickCount64(); }
static void yield(void) { SwitchToThread(); }
static void *run_watchdog(void *unused);
static DWORD WINAPI watchdog_entry(LPVOID unused) {
  run_watchdog(unused);
  return 0;
}
static bool thread_start(Thread *thread) {
  *thread = CreateThread(NULL, 0, watchdog_entry, NULL, 0, NULL);
  return *thread != NULL;
}
static void thread_join(Thread thread) {
  WaitForSingleObject(thread, INFINITE);
  CloseHandle(thread);
}

#else
#include <dlfcn.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <time.h>
#define EXPORT __attribute__((visibility("default")))
typedef pthread_mutex_t Mutex;
typedef pthread_cond_t Condition;
typedef pthread_t Thread;
#define MUTEX_INIT PTHREAD_MUTEX_INITIALIZER
static void mutex_lock(Mutex *mutex) { pthread_mutex_lock(mutex); }
static void mutex_unlock(Mutex *mutex) { pthread_mutex_unlock(mutex); }
static void condition_destroy(Condition *condition) { pthread_cond_destroy(condition); }
static void condition_signal(Condition *condition) { pthread_cond_signal(condition); }
static void condition_wait(Condition *condition, Mutex *mutex) { pthread_cond_wait(condition, mutex); }
static struct timespec to_timespec(int64_t ms) {
  return (struct timespec){.tv_sec = (time_t)(ms / 1000), .tv_nsec = (long)(ms % 1000) * 1000000};
}
static int64_t now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}
/* Never by the wall clock: set back by an hour, it would let the watchdog sleep for one. */
#ifdef __APPLE__
static void condition_init(Condition *condition) { pthread_cond_init(condition, NULL); }
static void condition_wait_ms(Condition *condition, Mutex *mutex, int64_t ms) {
  struct timespec relative = to_timespec(ms);
  pthread_cond_timedwait_relative_np(condition, mutex, &relative);
}
#else
static void condition_init(Condition *condition) {
  pthread_condattr_t attributes;
  pthread_condattr_init(&attributes);
  pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
  pthread_cond_init(condition, &attributes);
  pthread_condattr_destroy(&attributes);
}
static void condition_wait_ms(Condition *condition, Mutex *mutex, int64_t ms) {
  struct timespec until = to_timespec(now_ms() + ms);
  pthread_cond_timedwait(condition, mutex, &until);
}
#endif
static void yield(void) { sched_yield(); }
static void *run_watchdog(void *unused);
static bool thread_start(Thread *thread) {
  /* Signals are the program's: none is delivered to this thread. */
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  int failed = pthread_create(thread, NULL, run_watchdog, NULL);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  return failed == 0;
}
static void thread_join(Thread thread) { pthread_join(thread, NULL); }
#endif

/* ---- The table of handles ---------------------------------------------------------------------------------------- */

#define SECRET_BYTES 16
#define NO_WATCH (-1)
#define NO_LOOKOUT (-1)

typedef struct Handle Handle;
struct Handle {
  sqlite3 *db;
  /* 0 while unclaimed. Ids are never used again. */
  sqlite3_int64 id;
  unsigned char secret[SECRET_BYTES];
  /* Of its connection's thread alone. */
  int watch;
  int lookout;
  Handle *next;
};

static Mutex table_mutex = MUTEX_INIT;
static Handle *table = NULL;
static sqlite3_int64 last_id = 0;

static void table_add(Handle *handle) {
  mutex_lock(&table_mutex);
  handle->id = ++last_id;
  handle->next = table;
  table = handle;
  mutex_unlock(&table_mutex);
}

static void table_remove(Handle *handle) {
  mutex_lock(&table_mutex);
  for (Handle **link = &table; *link != NULL; link = &(*link)->next) {
    if (*link == handle) {
      *link = handle->next;
      break;
    }
  }
  mutex_unlock(&table_mutex);
}

/* Whether there was such a connection. */
static bool interrupt_handle(sqlite3_int64 id) {
  bool found = false;
  mutex_lock(&table_mutex);
  for (Handle *handle = table; handle != NULL && !found; handle = handle->next) {
    if (handle->id == id) {
      sqlite3_interrupt(handle->db);
      found = true;
    }
  }
  mutex_unlock(&table_mutex);
  return found;
}

/* ---- The watchdog ------------------------------------------------------------------------------------------------ */

/* A process watches one connection for each database that it has open. */
#define MAX_WATCHES 64
/* It looks four times in a limit, so a run is stopped between one limit and one and a quarter. */
#define LOOKS_PER_LIMIT 4

enum { IDLE, RUNNING, STOPPING, STOPPED };
#define STATE(word) ((word) & 3u)
#define WORD(number, state) (((number) << 2) | (state))

typedef struct {
  /* NULL: free. */
  sqlite3 *db;
  int64_t limit_ms;
  _Atomic uint64_t word;
  /* The watchdog's own: the word it saw last, and since when. */
  uint64_t seen;
  int64_t seen_at;
} Watch;

/* Static, so that a mark made late can only hit a watch that is free. */
static Watch watches[MAX_WATCHES];
static int watched = 0;
static Condition wake;
static bool quit = false;
static atomic_bool asleep = false;
/* Held while the thread is started or joined; taken before `table_mutex`, never by the thread. */
static Mutex watchdog_mutex = MUTEX_INIT;
static Thread watchdog;

#ifndef BEFORE_WATCHDOG_INTERRUPTS
#define BEFORE_WATCHDOG_INTERRUPTS()
#endif

static void stop_overdue(Watch *watch, uint64_t word) {
  if (!atomic_compare_exchange_strong(&watch->word, &word, WORD(word >> 2, STOPPING))) return;
  BEFORE_WATCHDOG_INTERRUPTS();
  sqlite3_interrupt(watch->db);
  atomic_store(&watch->word, WORD(word >> 2, STOPPED));
}

/* Looks at every watch; the milliseconds until the next look, or 0 when nothing ran since the last one. */
static int64_t look_at_runs(int64_t now) {
  int64_t next = 0;
  for (Watch *watch = watches; watch < watches + MAX_WATCHES; watch++) {
    if (watch->db == NULL) continue;
    uint64_t word = atomic_load(&watch->word);
    bool changed = word != watch->seen;
    if (changed) {
      watch->seen = word;
      watch->seen_at = now;
    } else if (STATE(word) == RUNNING && now - watch->seen_at >= watch->limit_ms) {
      stop_overdue(watch, word);
    }
    if (!changed && STATE(word) != RUNNING) continue;
    int64_t look = watch->limit_ms / LOOKS_PER_LIMIT;
    if (look < 1) look = 1;
    if (next == 0 || look < next) next = look;
  }
  return next;
}

static void *run_watchdog(void *unused) {
  (void)unused;
  mutex_lock(&table_mutex);
  while (!quit) {
    int64_t next = look_at_runs(now_ms());
    if (next > 0) {
      condition_wait_ms(&wake, &table_mutex, next);
      continue;
    }
    /* A run that begins now either sees `asleep` or is seen by this second look. */
    atomic_store(&asleep, true);
    if (look_at_runs(now_ms()) == 0) condition_wait(&wake, &table_mutex);
    atomic_store(&asleep, false);
  }
  mutex_unlock(&table_mutex);
  return NULL;
}

static void wake_watchdog(void) {
  mutex_lock(&table_mutex);
  condition_signal(&wake);
  mutex_unlock(&table_mutex);
}

/* The number of a watch on `db`, or NO_WATCH when there is none to give. */
static int watch_start(sqlite3 *db, int64_t limit_ms) {
  int number = 0;
  mutex_lock(&watchdog_mutex);
  mutex_lock(&table_mutex);
  while (number < MAX_WATCHES && watches[number].db != NULL) number++;
  if (number < MAX_WATCHES) {
    Watch *watch = &watches[number];
    watch->limit_ms = limit_ms;
    watch->seen = WORD(atomic_load(&watch->word) >> 2, IDLE);
    atomic_store(&watch->word, watch->seen);
    watch->db = db;
    watched++;
  }
  bool first = number < MAX_WATCHES && watched == 1;
  if (first) quit = false;
  mutex_unlock(&table_mutex);

  if (first) {
    condition_init(&wake);
    if (!thread_start(&watchdog)) {
      condition_destroy(&wake);
      watches[number].db = NULL;
      watched = 0;
      number = MAX_WATCHES;
    }
  }
  mutex_unlock(&watchdog_mutex);
  return number < MAX_WATCHES ? number : NO_WATCH;
}

/* After it the watchdog does not touch the connection. */
static void watch_end(int number) {
  mutex_lock(&watchdog_mutex);
  mutex_lock(&table_mutex);
  watches[number].db = NULL;
  bool last = --watched == 0;
  if (last) {
    quit = true;
    condition_signal(&wake);
  }
  mutex_unlock(&table_mutex);
  if (last) {
    thread_join(watchdog);
    condition_destroy(&wake);
  }
  mutex_unlock(&watchdog_mutex);
}

/* On the connection's thread, around what is watched. */
static void run_begin(int number) {
  if (number < 0 || number >= MAX_WATCHES) return;
  Watch *watch = &watches[number];
  atomic_store(&watch->word, WORD((atomic_load(&watch->word) >> 2) + 1, RUNNING));
  if (atomic_load(&asleep)) wake_watchdog();
}

/* Whether the watchdog has interrupted the run. */
static bool run_end(int number) {
  if (number < 0 || number >= MAX_WATCHES) return false;
  Watch *watch = &watches[number];
  uint64_t word = atomic_load(&watch->word);
  uint64_t idle = WORD(word >> 2, IDLE);
  if (STATE(word) == IDLE) return false;
  if (STATE(word) == RUNNING && atomic_compare_exchange_strong(&watch->word, &word, idle)) return false;
  while (STATE(atomic_load(&watch->word)) != STOPPED) yield();
  atomic_store(&watch->word, idle);
  return true;
}

/* ---- The look-out for commits ------------------------------------------------------------------------------------ */

/*
** Whether anybody has committed since the last look, whichever process it was, without a lock. Every commit, and every
** restart of the log, writes the header of the log's index anew, which all processes share in memory
** (https://sqlite.org/walformat.html#the_wal_index_header). SQLite compares the same bytes when a read transaction
** begins, to see whether its page cache is still good. So as long as they are the same, a read transaction that has begun
** after the last look sees what one that begins now would see.
*/
#define HEADER_WORDS 12
/* What SQLite maps at once. */
#define INDEX_BYTES 32768
#define MAX_LOOKOUTS 64

typedef struct {
  /* Of the handle whose it is; 0: free. */
  _Atomic sqlite3_int64 id;
  const volatile uint32_t *header;
  uint32_t seen[HEADER_WORDS];
} Lookout;

/* Static, so that a look made late can only find one that is another's, and leaves it alone. */
static Lookout lookouts[MAX_LOOKOUTS];

/* The header of the index that this connection has mapped for as long as it is open; NULL where it has none. */
static const volatile uint32_t *log_header(sqlite3 *db) {
  sqlite3_file *file = NULL;
  if (sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER, &file) != SQLITE_OK || file == NULL) return NULL;
  if (file->pMethods == NULL || file->pMethods->iVersion < 2 || file->pMethods->xShmMap == NULL) return NULL;
  volatile void *index = NULL;
  int result = file->pMethods->xShmMap(file, 0, INDEX_BYTES, 0, &index);
  return result == SQLITE_OK ? (const volatile uint32_t *)index : NULL;
}

/* Its place in the table, or NO_LOOKOUT when there is none to give. */
static int lookout_start(Handle *handle) {
  const volatile uint32_t *header = log_header(handle->db);
  if (header == NULL) return NO_LOOKOUT;
  int place = 0;
  mutex_lock(&table_mutex);
  while (place < MAX_LOOKOUTS && atomic_load(&lookouts[place].id) != 0) place++;
  if (place < MAX_LOOKOUTS) {
    lookouts[place].header = header;
    memset(lookouts[place].seen, 0, sizeof lookouts[place].seen);
    atomic_store(&lookouts[place].id, handle->id);
  }
  mutex_unlock(&table_mutex);
  return place < MAX_LOOKOUTS ? place : NO_LOOKOUT;
}

static void lookout_end(int place) { atomic_store(&lookouts[place].id, 0); }

/* On the connection's thread. What is no look-out of an open connection always says yes. */
static bool has_changed(int64_t number) {
  if (number < 0) return true;
  Lookout *lookout = &lookouts[number % MAX_LOOKOUTS];
  if (atomic_load(&lookout->id) != number / MAX_LOOKOUTS || number < MAX_LOOKOUTS) return true;
  bool changed = false;
  for (int word = 0; word < HEADER_WORDS; word++) {
    uint32_t now = lookout->header[word];
    if (now != lookout->seen[word]) changed = true;
    lookout->seen[word] = now;
  }
  /* What SQLite reads next must not have been read before. */
  atomic_thread_fence(memory_order_seq_cst);
  return changed;
}

/* ---- The SQL function -------------------------------------------------------------------------------------------- */

static void refuse(sqlite3_context *context) { sqlite3_result_error(context, "not authorized", -1); }

/* In constant time: how much of a guess is right must not show. */
static bool same_secret(const unsigned char *left, const unsigned char *right) {
  unsigned char difference = 0;
  for (int index = 0; index < SECRET_BYTES; index++) difference |= (unsigned char)(left[index] ^ right[index]);
  return difference == 0;
}

/*
** Counts since the connection was opened, and bytes now, as text: hits misses writes spills used. Without the memory of
** statements and schema: to tell it SQLite walks through all of them, 140 us for 500 statements against 2.
*/
static void result_counters(sqlite3_context *context, sqlite3 *db) {
  static const int kinds[] = {SQLITE_DBSTATUS_CACHE_HIT, SQLITE_DBSTATUS_CACHE_MISS, SQLITE_DBSTATUS_CACHE_WRITE,
                              SQLITE_DBSTATUS_CACHE_SPILL, SQLITE_DBSTATUS_CACHE_USED};
  sqlite3_int64 values[sizeof kinds / sizeof *kinds] = {0};
  for (size_t index = 0; index < sizeof kinds / sizeof *kinds; index++) {
    sqlite3_int64 highest = 0;
    if (sqlite3_db_status64(db, kinds[index], &values[index], &highest, 0) != SQLITE_OK) {
      refuse(context);
      return;
    }
  }
  char *text = sqlite3_mprintf("%lld %lld %lld %lld %lld", values[0], values[1], values[2], values[3], values[4]);
  if (text == NULL) sqlite3_result_error_nomem(context);
  else sqlite3_result_text(context, text, -1, sqlite3_free);
}

/* `argument`: 0 or 1 sets them, -1 asks; the result is what SQLite reports then. */
static void result_stable_plans(sqlite3_context *context, sqlite3 *db, int argument) {
  int enabled = 0;
  if (sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_QPSG, argument, &enabled) != SQLITE_OK) refuse(context);
  else sqlite3_result_int(context, enabled);
}

/* `limit_ms`: 0 ends the watch. The result is its number. */
static void result_watch(sqlite3_context *context, Handle *handle, sqlite3_int64 limit_ms) {
  if (handle->watch != NO_WATCH) watch_end(handle->watch);
  handle->watch = limit_ms > 0 ? watch_start(handle->db, limit_ms) : NO_WATCH;
  sqlite3_result_int(context, handle->watch);
}

/* The result is the number of the look-out: its place, and whose it is, so that no other's can be taken for it. */
static void result_lookout(sqlite3_context *context, Handle *handle) {
  if (handle->lookout == NO_LOOKOUT) handle->lookout = lookout_start(handle);
  sqlite3_int64 number = handle->lookout == NO_LOOKOUT ? -1 : handle->id * MAX_LOOKOUTS + handle->lookout;
  sqlite3_result_int64(context, number);
}

static void noormme_native(sqlite3_context *context, int count, sqlite3_value **values) {
  (void)count;
  Handle *handle = sqlite3_user_data(context);
  const unsigned char *secret = sqlite3_value_blob(values[0]);
  if (secret == NULL || sqlite3_value_type(values[0]) != SQLITE_BLOB ||
      sqlite3_value_bytes(values[0]) != SECRET_BYTES) {
    refuse(context);
    return;
  }
  const char *operation = (const char *)sqlite3_value_text(values[1]);
  if (operation == NULL) {
    refuse(context);
    return;
  }
  if (handle->id == 0) {
    if (strcmp(operation, "claim") != 0) {
      refuse(context);
      return;
    }
    memcpy(handle->secret, secret, SECRET_BYTES);
    table_add(handle);
    sqlite3_result_int64(context, handle->id);
    return;
  }
  if (!same_secret(secret, handle->secret)) refuse(context);
  else if (strcmp(operation, "counters") == 0) result_counters(context, handle->db);
  else if (strcmp(operation, "plans") == 0) result_stable_plans(context, handle->db, sqlite3_value_int(values[2]));
  else if (strcmp(operation, "watch") == 0) result_watch(context, handle, sqlite3_value_int64(values[2]));
  else if (strcmp(operation, "lookout") == 0) result_lookout(context, handle);
  else refuse(context);
}

static void free_handle(void *data) {
  Handle *handle = data;
  if (handle->watch != NO_WATCH) watch_end(handle->watch);
  if (handle->lookout != NO_LOOKOUT) lookout_end(handle->lookout);
  table_remove(handle);
  sqlite3_free(handle);
}

/* The library serves the SQLite that loaded it first: another copy in the process has other tables of functions. */
static bool serves(const sqlite3_api_routines *api) {
#ifdef SQLITE_CORE
  (void)api;
  return true;
#else
  mutex_lock(&table_mutex);
  if (sqlite3_api == NULL) sqlite3_api = api;
  bool same = sqlite3_api == api;
  mutex_unlock(&table_mutex);
  return same;
#endif
}

EXPORT int sqlite3_extension_init(sqlite3 *db, char **error, const sqlite3_api_routines *api) {
  if (!serves(api)) return SQLITE_ERROR;
  if (sqlite3_libversion_number() < OLDEST_SQLITE) {
    *error = sqlite3_mprintf("SQLite %s is too old for it", sqlite3_libversion());
    return SQLITE_ERROR;
  }
  Handle *handle = sqlite3_malloc64(sizeof *handle);
  if (handle == NULL) return SQLITE_NOMEM;
  *handle = (Handle){.db = db, .watch = NO_WATCH, .lookout = NO_LOOKOUT};
  /* On failure SQLite calls the destructor itself. */
  int result = sqlite3_create_function_v2(db, "noormme_native", 3, SQLITE_UTF8 | SQLITE_DIRECTONLY, handle,
                                          noormme_native, NULL, NULL, free_handle);
  return result == SQLITE_OK ? SQLITE_OK_LOAD_PERMANENTLY : result;
}

/* ---- The addon functions ----------------------------------------------------------------------------------------- */

#ifndef SQLITE_CORE
/* As node_api.h declares them; their binary interface is stable (https://nodejs.org/api/n-api.html). */
typedef struct napi_env_ *napi_env;
typedef struct napi_value_ *napi_value;
typedef struct napi_callback_info_ *napi_callback_info;
typedef napi_value (*napi_callback)(napi_env, napi_callback_info);

static struct {
  int (*create_function)(napi_env, const char *, size_t, napi_callback, void *, napi_value *);
  int (*set_named_property)(napi_env, napi_value, const char *, napi_value);
  int (*get_cb_info)(napi_env, napi_callback_info, size_t *, napi_value *, napi_value *, void **);
  int (*get_value_double)(napi_env, napi_value, double *);
  int (*get_boolean)(napi_env, bool, napi_value *);
} napi;

/* Node.js, or the program that embeds it, offers them to every addon. */
static void *host_function(const char *name) {
#ifdef _WIN32
  return (void *)GetProcAddress(GetModuleHandleA(NULL), name);
#else
  return dlsym(RTLD_DEFAULT, name);
#endif
}

static bool find_napi(void) {
  napi.create_function = host_function("napi_create_function");
  napi.set_named_property = host_function("napi_set_named_property");
  napi.get_cb_info = host_function("napi_get_cb_info");
  napi.get_value_double = host_function("napi_get_value_double");
  napi.get_boolean = host_function("napi_get_boolean");
  return napi.create_function != NULL && napi.set_named_property != NULL && napi.get_cb_info != NULL &&
         napi.get_value_double != NULL && napi.get_boolean != NULL;
}

/* The only argument; -1, which is neither an id nor a watch, when it is not a number. */
static int64_t argument_of(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value argument = NULL;
  double number = -1;
  if (napi.get_cb_info(env, info, &count, &argument, NULL, NULL) != 0 || count < 1) return -1;
  if (napi.get_value_double(env, argument, &number) != 0) return -1;
  return number >= 0 && number <= 9007199254740991.0 ? (int64_t)number : -1;
}

static napi_value to_boolean(napi_env env, bool value) {
  napi_value result = NULL;
  napi.get_boolean(env, value, &result);
  return result;
}

static napi_value js_interrupt(napi_env env, napi_callback_info info) {
  return to_boolean(env, interrupt_handle(argument_of(env, info)));
}

static napi_value js_begin(napi_env env, napi_callback_info info) {
  int64_t number = argument_of(env, info);
  if (number < MAX_WATCHES) run_begin((int)number);
  return NULL;
}

static napi_value js_end(napi_env env, napi_callback_info info) {
  int64_t number = argument_of(env, info);
  return to_boolean(env, number < MAX_WATCHES && run_end((int)number));
}

static napi_value js_changed(napi_env env, napi_callback_info info) {
  return to_boolean(env, has_changed(argument_of(env, info)));
}

EXPORT napi_value napi_register_module_v1(napi_env env, napi_value exports) {
  static const struct {
    const char *name;
    napi_callback run;
  } functions[] = {{"interrupt", js_interrupt}, {"begin", js_begin}, {"end", js_end}, {"changed", js_changed}};
  mutex_lock(&table_mutex);
  bool complete = find_napi();
  mutex_unlock(&table_mutex);
  /* Without functions: whoever loads it sees that they are missing. */
  if (!complete) return exports;
  for (size_t index = 0; index < sizeof functions / sizeof *functions; index++) {
    napi_value function = NULL;
    if (napi.create_function(env, functions[index].name, strlen(functions[index].name), functions[index].run, NULL,
                             &function) == 0) {
      napi.set_named_property(env, exports, functions[index].name, function);
    }
  }
  return exports;
}
#endif

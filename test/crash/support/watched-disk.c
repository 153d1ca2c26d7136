/*
 * A disk that can be watched and made to fail: preloaded into a process, it stands between SQLite and the operating
 * system for the files of one folder.
 *
 *   NOORMME_DISK_FOLDER  the folder, as a real path
 *   NOORMME_DISK_LOG     when set, every change is written to this file in the order in which it happened
 *   NOORMME_DISK_ALL     when set, all files in the folder and the folders in it are watched, not only those of databases
 *
 * fsync of these files is noted and does nothing else: what survives is decided by who replays the log.
 *
 * A record of the log, all numbers little-endian: u32 operation, u32 file, u64 offset, u32 length, `length` bytes.
 *
 * Two names in the folder have a meaning. Bytes written to `*.acks` stand in the log as what the program was told.
 * A text written to `*.faults` is an order: `<sync|write> <nth> <times, -1 for ever> <errno>`, or the single byte `-`,
 * which ends it; what write() answers to that is not a length but how often the disk has failed.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { WRITE = 1, TRUNCATE, SYNC, LINK, UNLINK, SYNC_FOLDER, ACK, SYNC_FAILED, MAKE_FOLDER, REMOVE_FOLDER, RENAME };

#define MAX_FD 4096
#define MAX_FILES 16384
#define FOLDER -1
#define ACKS -2
#define ORDERS -3

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int ready = 0, log_fd = -1, all = 0;
static const char *folder = NULL;
static size_t folder_length = 0;
/* What a descriptor stands for: a file's number, or one of the negative names above; 0 for all else. */
static int watched[MAX_FD];
/* Of a descriptor of a folder: its name in the watched one, empty for that itself. */
static char folders[MAX_FD][256];
/* Names and the numbers of their files, from 1; a file may have several, and its number lives on without any. */
static struct { char *name; int file; } names[MAX_FILES];
static int files = 0;

static struct { int sync, armed; long nth, times, error, fired; } fault;

static void prepare(void) {
  if (ready) return;
  ready = 1;
  folder = getenv("NOORMME_DISK_FOLDER");
  if (folder != NULL) folder_length = strlen(folder);
  all = getenv("NOORMME_DISK_ALL") != NULL;
  const char *log = getenv("NOORMME_DISK_LOG");
  if (log != NULL) log_fd = syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
}

static void record(uint32_t operation, uint32_t file, uint64_t offset, const void *bytes, uint32_t length) {
  if (log_fd < 0) return;
  char header[20];
  memcpy(header, &operation, 4);
  memcpy(header + 4, &file, 4);
  memcpy(header + 8, &offset, 8);
  memcpy(header + 16, &length, 4);
  if (syscall(SYS_write, log_fd, header, sizeof header) != sizeof header) abort();
  const char *rest = bytes;
  for (uint32_t left = length; left > 0;) {
    long written = syscall(SYS_write, log_fd, rest, left);
    if (written <= 0) abort();
    rest += written;
    left -= written;
  }
}

static int ends_with(const char *text, const char *end) {
  size_t length = strlen(text), tail = strlen(end);
  return length >= tail && strcmp(text + length - tail, end) == 0;
}

/* The name inside the folder, or NULL for a path elsewhere. */
static const char *inside(const char *path) {
  if (folder == NULL || strncmp(path, folder, folder_length) != 0 || path[folder_length] != '/') return NULL;
  return path + folder_length + 1;
}

static int entry_of(const char *name) {
  for (int entry = 0; entry < MAX_FILES; entry++)
    if (names[entry].name != NULL && strcmp(names[entry].name, name) == 0) return entry;
  return -1;
}

static int number_of(const char *name) {
  int entry = entry_of(name);
  return entry < 0 ? 0 : names[entry].file;
}

static void add_name(const char *name, int file) {
  for (int entry = 0; entry < MAX_FILES; entry++) {
    if (names[entry].name != NULL) continue;
    names[entry].name = strdup(name);
    names[entry].file = file;
    record(LINK, file, 0, name, strlen(name));
    return;
  }
  abort();
}

static int link_name(const char *name) {
  int file = number_of(name);
  if (file == 0) add_name(name, file = ++files);
  return file;
}

static void unlink_name(const char *name) {
  int entry = entry_of(name);
  if (entry < 0) return;
  record(UNLINK, names[entry].file, 0, name, strlen(name));
  free(names[entry].name);
  names[entry].name = NULL;
}

static int is_folder(int fd) {
  struct stat status;
  return fstat(fd, &status) == 0 && S_ISDIR(status.st_mode);
}

static void opened(const char *path, int fd) {
  prepare();
  if (fd < 0 || fd >= MAX_FD || folder == NULL) return;
  pthread_mutex_lock(&lock);
  const char *name = inside(path);
  watched[fd] = 0;
  folders[fd][0] = 0;
  if (strcmp(path, folder) == 0) watched[fd] = FOLDER;
  else if (name == NULL) watched[fd] = 0;
  else if (all && is_folder(fd)) {
    watched[fd] = FOLDER;
    snprintf(folders[fd], sizeof folders[fd], "%s", name);
  }
  else if (ends_with(name, ".acks")) watched[fd] = ACKS;
  else if (ends_with(name, ".faults")) watched[fd] = ORDERS;
  else if (all || ends_with(name, ".db") || ends_with(name, ".db-wal") || ends_with(name, ".db-journal"))
    watched[fd] = link_name(name);
  pthread_mutex_unlock(&lock);
}

static int meaning(int fd) { return fd >= 0 && fd < MAX_FD ? watched[fd] : 0; }

/* Whether this call is the one that fails; the lock is held. */
static int fails(int sync) {
  if (!fault.armed || fault.sync != sync) return 0;
  if (fault.nth > 1) {
    fault.nth--;
    return 0;
  }
  if (fault.times == 0) return 0;
  if (fault.times > 0) fault.times--;
  fault.fired++;
  errno = fault.error;
  return 1;
}

static ssize_t obey(const void *bytes, size_t length) {
  char text[64] = {0}, kind[16] = {0};
  memcpy(text, bytes, length < sizeof text - 1 ? length : sizeof text - 1);
  long nth = 0, times = 0, error = 0;
  fault.armed = sscanf(text, "%15s %ld %ld %ld", kind, &nth, &times, &error) == 4;
  if (fault.armed) {
    fault.sync = strcmp(kind, "sync") == 0;
    fault.nth = nth;
    fault.times = times;
    fault.error = error;
    fault.fired = 0;
  }
  return fault.armed ? (ssize_t)length : fault.fired;
}

static ssize_t write_at(int fd, const void *bytes, size_t length, off_t offset, int positioned) {
  int file = meaning(fd);
  if (file == 0)
    return positioned ? syscall(SYS_pwrite64, fd, bytes, length, offset) : syscall(SYS_write, fd, bytes, length);

  pthread_mutex_lock(&lock);
  ssize_t result;
  if (file == ORDERS) {
    result = obey(bytes, length);
  } else if (file == ACKS) {
    record(ACK, 0, 0, bytes, length);
    result = length;
  } else {
    uint64_t at = positioned ? (uint64_t)offset : (uint64_t)lseek(fd, 0, SEEK_CUR);
    int failing = fails(0), error = errno;
    /* A full disk takes the first part and refuses the rest. */
    size_t taken = failing ? length / 2 : length;
    result = taken == 0 ? 0 : syscall(SYS_pwrite64, fd, bytes, taken, at);
    if (result > 0) record(WRITE, file, at, bytes, result);
    if (result > 0 && !positioned) lseek(fd, at + result, SEEK_SET);
    if (failing) {
      result = -1;
      errno = error;
    }
  }
  pthread_mutex_unlock(&lock);
  return result;
}

static int sync_file(int fd, long call) {
  int file = meaning(fd);
  if (file == 0) return syscall(call, fd);
  pthread_mutex_lock(&lock);
  int result = 0;
  /* SQLite overlooks a folder that cannot be synced, so that is left alone. */
  if (file > 0 && fails(1)) {
    record(SYNC_FAILED, file, 0, NULL, 0);
    result = -1;
  } else if (file == FOLDER) {
    record(SYNC_FOLDER, 0, 0, folders[fd], strlen(folders[fd]));
  } else if (file > 0) {
    record(SYNC, file, 0, NULL, 0);
  }
  pthread_mutex_unlock(&lock);
  return result;
}

static int truncate_file(int fd, off_t length) {
  int file = meaning(fd);
  pthread_mutex_lock(&lock);
  int result = syscall(SYS_ftruncate, fd, length);
  if (result == 0 && file > 0) record(TRUNCATE, file, length, NULL, 0);
  pthread_mutex_unlock(&lock);
  return result;
}

#define READ_MODE                                      \
  mode_t mode = 0;                                     \
  if ((flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE) { \
    va_list rest;                                      \
    va_start(rest, flags);                             \
    mode = va_arg(rest, mode_t);                       \
    va_end(rest);                                      \
  }

int open(const char *path, int flags, ...) {
  READ_MODE
  int fd = syscall(SYS_openat, AT_FDCWD, path, flags, mode);
  opened(path, fd);
  return fd;
}

int open64(const char *path, int flags, ...) {
  READ_MODE
  int fd = syscall(SYS_openat, AT_FDCWD, path, flags | O_LARGEFILE, mode);
  opened(path, fd);
  return fd;
}

int close(int fd) {
  if (fd >= 0 && fd < MAX_FD) watched[fd] = 0;
  return syscall(SYS_close, fd);
}

ssize_t write(int fd, const void *bytes, size_t length) { return write_at(fd, bytes, length, 0, 0); }
ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) { return write_at(fd, bytes, length, offset, 1); }
ssize_t pwrite64(int fd, const void *bytes, size_t length, off_t offset) { return write_at(fd, bytes, length, offset, 1); }
int fsync(int fd) { return sync_file(fd, SYS_fsync); }
int fdatasync(int fd) { return sync_file(fd, SYS_fdatasync); }
int ftruncate(int fd, off_t length) { return truncate_file(fd, length); }
int ftruncate64(int fd, off_t length) { return truncate_file(fd, length); }

int unlink(const char *path) {
  prepare();
  const char *name = inside(path);
  pthread_mutex_lock(&lock);
  int result = syscall(SYS_unlinkat, AT_FDCWD, path, 0);
  if (result == 0 && name != NULL) unlink_name(name);
  pthread_mutex_unlock(&lock);
  return result;
}

int rename(const char *from, const char *to) {
  prepare();
  const char *old = inside(from), *new = inside(to);
  pthread_mutex_lock(&lock);
  int result = syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
  int file = old == NULL ? 0 : number_of(old);
  if (result == 0 && file != 0) {
    int replaced = new == NULL ? -1 : entry_of(new), moved = entry_of(old);
    if (new == NULL) unlink_name(old);
    else {
      /* One step for a disk as well. The two names with a NUL between them. */
      char both[512];
      int length = snprintf(both, sizeof both, "%s%c%s", old, 0, new);
      record(RENAME, file, 0, both, length);
      if (replaced >= 0 && replaced != moved) {
        free(names[replaced].name);
        names[replaced].name = NULL;
      }
      free(names[moved].name);
      names[moved].name = strdup(new);
    }
  }
  pthread_mutex_unlock(&lock);
  return result;
}

int link(const char *from, const char *to) {
  prepare();
  const char *old = inside(from), *new = inside(to);
  pthread_mutex_lock(&lock);
  int result = syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0);
  int file = old == NULL ? 0 : number_of(old);
  if (result == 0 && file != 0 && new != NULL) add_name(new, file);
  pthread_mutex_unlock(&lock);
  return result;
}

int mkdir(const char *path, mode_t mode) {
  prepare();
  const char *name = inside(path);
  pthread_mutex_lock(&lock);
  int result = syscall(SYS_mkdirat, AT_FDCWD, path, mode);
  if (result == 0 && name != NULL) record(MAKE_FOLDER, 0, 0, name, strlen(name));
  pthread_mutex_unlock(&lock);
  return result;
}

int rmdir(const char *path) {
  prepare();
  const char *name = inside(path);
  pthread_mutex_lock(&lock);
  int result = syscall(SYS_unlinkat, AT_FDCWD, path, AT_REMOVEDIR);
  if (result == 0 && name != NULL) record(REMOVE_FOLDER, 0, 0, name, strlen(name));
  pthread_mutex_unlock(&lock);
  return result;
}

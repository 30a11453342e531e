/* Fails one call that changes a file under a folder, so that a test can try each in turn.
 *
 * FAULT_FOLDER  the folder (absolute, no symbolic link in it)
 * FAULT_AT      which call, from 1; 0 or unset: none
 * FAULT_KIND    enospc, eio, or short (a write of which only the first half is done)
 * FAULT_COUNT   a file, outside the folder, that gets one byte for each call counted
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int calls;

static int under_folder(const char *path) {
    const char *folder = getenv("FAULT_FOLDER");
    return folder && strncmp(path, folder, strlen(folder)) == 0;
}

static int file_under_folder(int file) {
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return under_folder(path);
}

static int path_under_folder(const char *path) {
    char whole[PATH_MAX];
    if (path[0] == '/') return under_folder(path);
    if (!getcwd(whole, sizeof whole)) return 0;
    return under_folder(whole);
}

/* Whether this call is the one to fail. */
static int is_due(void) {
    int call = __sync_add_and_fetch(&calls, 1);
    const char *count = getenv("FAULT_COUNT"), *at = getenv("FAULT_AT");
    if (count) {
        int file = syscall(SYS_openat, AT_FDCWD, count, O_WRONLY | O_CREAT | O_APPEND, 0600);
        if (file >= 0) {
            syscall(SYS_write, file, "x", 1);
            syscall(SYS_close, file);
        }
    }
    return at && atoi(at) == call;
}

static int is_short(void) {
    const char *kind = getenv("FAULT_KIND");
    return kind && strcmp(kind, "short") == 0;
}

static int fail(void) {
    const char *kind = getenv("FAULT_KIND");
    errno = kind && strcmp(kind, "enospc") == 0 ? ENOSPC : EIO;
    return -1;
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

#define WRITE(name, parameters, arguments_with)                                    \
    ssize_t name parameters {                                                      \
        if (file_under_folder(file) && is_due()) {                                 \
            if (!is_short()) return fail();                                        \
            if (length > 1) length /= 2;                                           \
        }                                                                          \
        return NEXT(name) arguments_with;                                          \
    }

WRITE(write, (int file, const void *bytes, size_t length), (file, bytes, length))
WRITE(pwrite, (int file, const void *bytes, size_t length, off_t at), (file, bytes, length, at))
WRITE(pwrite64, (int file, const void *bytes, size_t length, off64_t at), (file, bytes, length, at))

#define WHOLE(name, is_ours, parameters, arguments)                                \
    int name parameters {                                                          \
        if ((is_ours) && !is_short() && is_due()) return fail();                   \
        return NEXT(name) arguments;                                               \
    }

WHOLE(fsync, file_under_folder(file), (int file), (file))
WHOLE(fdatasync, file_under_folder(file), (int file), (file))
WHOLE(ftruncate, file_under_folder(file), (int file, off_t length), (file, length))
WHOLE(ftruncate64, file_under_folder(file), (int file, off64_t length), (file, length))
WHOLE(rename, path_under_folder(to), (const char *from, const char *to), (from, to))
WHOLE(link, path_under_folder(to), (const char *from, const char *to), (from, to))
WHOLE(linkat, path_under_folder(to), (int a, const char *from, int b, const char *to, int flags),
      (a, from, b, to, flags))
WHOLE(renameat, path_under_folder(to), (int a, const char *from, int b, const char *to), (a, from, b, to))

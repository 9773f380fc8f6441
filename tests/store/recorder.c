/* What a process writes below a folder and what it waits for to stand on the disk, in order: preloaded by
 * tests/store/test_power.py. A record is a line "what length offset path", and as many bytes. A write is told
 * before it is done, and that the disk has it after. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static int record = -1;
static ssize_t (*real_write)(int, const void *, size_t);

#define REAL(name) __typeof__(&name) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("RECORD");
    real_write = (__typeof__(real_write))dlsym(RTLD_NEXT, "write");
    if (path) record = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static void whole(const char *data, size_t length) {
    while (length) {
        ssize_t done = real_write(record, data, length);
        if (done <= 0) abort();
        data += done;
        length -= (size_t)done;
    }
}

static void noted(const char *what, const char *path, off_t offset, const void *data, size_t length) {
    char line[PATH_MAX + 128];
    const char *folder = getenv("RECORDED");
    if (record < 0 || !folder || strncmp(path, folder, strlen(folder))) return;
    int size = snprintf(line, sizeof line, "%s %zu %lld %s\n", what, length, (long long)offset, path);
    pthread_mutex_lock(&turn);
    whole(line, (size_t)size);
    if (length) whole(data, length);
    pthread_mutex_unlock(&turn);
}

static void told(const char *what, int file, off_t offset, const void *data, size_t length) {
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t found = readlink(link, path, sizeof path - 1);
    if (found <= 0) return;
    path[found] = 0;
    noted(what, path, offset, data, length);
}

ssize_t pwrite64(int file, const void *data, size_t length, off64_t offset) {
    REAL(pwrite64);
    told("write", file, offset, data, length);
    return real(file, data, length, offset);
}

ssize_t pwrite(int file, const void *data, size_t length, off_t offset) {
    return pwrite64(file, data, length, offset);
}

ssize_t write(int file, const void *data, size_t length) {
    if (!real_write) begin();
    if (file > 2) told("append", file, -1, data, length);
    return real_write(file, data, length);
}

int ftruncate64(int file, off64_t length) {
    REAL(ftruncate64);
    told("cut", file, length, NULL, 0);
    return real(file, length);
}

int ftruncate(int file, off_t length) { return ftruncate64(file, length); }

int link(const char *old, const char *new) {
    REAL(link);
    noted("named", new, 0, old, strlen(old));
    return real(old, new);
}

int linkat(int from, const char *old, int to, const char *new, int flags) {
    REAL(linkat);
    noted("named", new, 0, old, strlen(old));
    return real(from, old, to, new, flags);
}

int fsync(int file) {
    REAL(fsync);
    int status = real(file);
    if (!status) told("stands", file, 0, NULL, 0);
    return status;
}

int fdatasync(int file) {
    REAL(fdatasync);
    int status = real(file);
    if (!status) told("stands", file, 0, NULL, 0);
    return status;
}

/* Laid before a program (LD_PRELOAD): it dies by SIGKILL at the n-th time that it has something written to the disk, before that is
   done or right after it. TRAP_FILE is a part of the name of the file, TRAP_AT the number, TRAP_AFTER says when. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static atomic_int times;

static int counts(int fd) {
    const char *file = getenv("TRAP_FILE");
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (file == NULL || length < 0) return 0;
    path[length] = 0;
    return strstr(path, file) != NULL;
}

static int step(int fd, const char *name) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
    const char *at = getenv("TRAP_AT");
    int fatal = at != NULL && counts(fd) && atomic_fetch_add(&times, 1) + 1 == atoi(at);
    int after = getenv("TRAP_AFTER") != NULL;
    if (fatal && !after) kill(getpid(), SIGKILL);
    int done = real(fd);
    if (fatal && after) kill(getpid(), SIGKILL);
    return done;
}

int fsync(int fd) { return step(fd, "fsync"); }
int fdatasync(int fd) { return step(fd, "fdatasync"); }

#define _GNU_SOURCE
#include "CSandbox.h"

#include <signal.h>

int berth_spawn_unhindered(
    pid_t *process, const char *path, const posix_spawn_file_actions_t *actions, short flags,
    char *const arguments[], char *const environment[]
) {
    posix_spawnattr_t attributes;
    int error = posix_spawnattr_init(&attributes);
    if (error != 0) return error;
    sigset_t every;
    sigset_t none;
    sigfillset(&every);
    sigemptyset(&none);
    flags |= POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK;
    if ((error = posix_spawnattr_setsigdefault(&attributes, &every)) == 0 &&
        (error = posix_spawnattr_setsigmask(&attributes, &none)) == 0 &&
        (error = posix_spawnattr_setflags(&attributes, flags)) == 0)
        error = posix_spawn(process, path, actions, &attributes, arguments, environment);
    posix_spawnattr_destroy(&attributes);
    return error;
}

#define _GNU_SOURCE
#include "CSandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>

enum { CLIENT = 3 };

int berth_spawn_monitor(const char *program, const char *folder, int client, const char *error_file) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int error = posix_spawn_file_actions_init(&actions);
    if (error != 0) return error;
    error = posix_spawnattr_init(&attributes);
    if (error != 0) {
        posix_spawn_file_actions_destroy(&actions);
        return error;
    }
    sigset_t every;
    sigset_t none;
    sigfillset(&every);
    sigemptyset(&none);
    int flags = O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW;
    // The client first: its number may be one of those that are filled behind it.
    if ((error = posix_spawn_file_actions_adddup2(&actions, client, CLIENT)) == 0 &&
        (error = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDWR, 0)) == 0 &&
        (error = posix_spawn_file_actions_addopen(&actions, 2, error_file, flags, 0600)) == 0 &&
        (error = posix_spawn_file_actions_adddup2(&actions, 0, 1)) == 0 &&
        // The container is the monitor's child: nothing of the caller's is to stay open in either.
        (error = posix_spawn_file_actions_addclosefrom_np(&actions, CLIENT + 1)) == 0 &&
        (error = posix_spawnattr_setsigdefault(&attributes, &every)) == 0 &&
        (error = posix_spawnattr_setsigmask(&attributes, &none)) == 0 &&
        // Away from the caller's terminal, whose end is not the container's.
        (error = posix_spawnattr_setflags(
             &attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK)) == 0) {
        char *const arguments[] = {(char *)"berth-monitor", (char *)folder, NULL};
        char *const environment[] = {NULL};
        pid_t process;
        error = posix_spawn(&process, program, &actions, &attributes, arguments, environment);
    }
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

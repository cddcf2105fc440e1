#define _GNU_SOURCE
#include "CSandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <unistd.h>

enum { CLIENT = 3, PROGRAM = 4 };

// The program as the new process finds it, at its own descriptor.
static const char program_path[] = "/proc/self/fd/4";

static int spawn(int program, const char *folder, int client, const char *error_file);

int berth_spawn_monitor(const char *program, const char *folder, int client, const char *error_file) {
    int sealed = berth_open_sealed(program);
    if (sealed < 0) return errno;
    int error = spawn(sealed, folder, client, error_file);
    close(sealed);
    return error;
}

static int spawn(int program, const char *folder, int client, const char *error_file) {
    posix_spawn_file_actions_t actions;
    int error = posix_spawn_file_actions_init(&actions);
    if (error != 0) return error;
    int flags = O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW;
    // Out of the way of the numbers that are filled: either may be one of them.
    int moved_client = fcntl(client, F_DUPFD_CLOEXEC, PROGRAM + 1);
    int moved_program = fcntl(program, F_DUPFD_CLOEXEC, PROGRAM + 1);
    if ((error = moved_client < 0 || moved_program < 0 ? errno : 0) == 0 &&
        (error = posix_spawn_file_actions_adddup2(&actions, moved_client, CLIENT)) == 0 &&
        (error = posix_spawn_file_actions_adddup2(&actions, moved_program, PROGRAM)) == 0 &&
        (error = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDWR, 0)) == 0 &&
        (error = posix_spawn_file_actions_addopen(&actions, 2, error_file, flags, 0600)) == 0 &&
        (error = posix_spawn_file_actions_adddup2(&actions, 0, 1)) == 0 &&
        // The container is the monitor's child: nothing of the caller's is to stay open in either.
        (error = posix_spawn_file_actions_addclosefrom_np(&actions, PROGRAM + 1)) == 0) {
        char *const arguments[] = {(char *)"berth-monitor", (char *)folder, NULL};
        char *const environment[] = {NULL};
        pid_t process;
        // Away from the caller's terminal, whose end is not the container's.
        error = berth_spawn_unhindered(
            &process, program_path, &actions, POSIX_SPAWN_SETSID, arguments, environment);
    }
    if (moved_client >= 0) close(moved_client);
    if (moved_program >= 0) close(moved_program);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

void berth_name_process(const char *name) {
    (void)prctl(PR_SET_NAME, name, 0, 0, 0);
}

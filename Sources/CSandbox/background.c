#define _GNU_SOURCE
#include "CSandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

static int add_actions(
    posix_spawn_file_actions_t *actions, const char *folder, const int *moved
) {
    int error = posix_spawn_file_actions_addopen(actions, 0, "/dev/null", O_RDWR, 0);
    if (error == 0) error = posix_spawn_file_actions_adddup2(actions, 0, 1);
    for (int index = 0; index < 3 && error == 0; index++)
        error = posix_spawn_file_actions_adddup2(actions, moved[index], 2 + index);
    if (error == 0) error = posix_spawn_file_actions_addclosefrom_np(actions, BERTH_BACKGROUND_EXIT + 1);
    return error == 0 ? posix_spawn_file_actions_addchdir_np(actions, folder) : error;
}

static int spawn(
    const char *path, const char *const *arguments, const char *folder, const int *moved, pid_t *process
) {
    posix_spawn_file_actions_t actions;
    int error = posix_spawn_file_actions_init(&actions);
    if (error != 0) return error;
    char *const environment[] = {NULL};
    error = add_actions(&actions, folder, moved);
    if (error == 0)
        error = berth_spawn_unhindered(process, path, &actions, 0, (char *const *)arguments, environment);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

static void close_all(const int *descriptors, int count) {
    for (int index = 0; index < count; index++)
        if (descriptors[index] >= 0) close(descriptors[index]);
}

int berth_start_background(
    const char *path, const char *const *arguments, const char *folder, struct berth_background *started
) {
    // The program's ends: its errors, how it says that it is ready, and how it is told to end.
    int own[3] = {-1, -1, -1};
    int moved[3] = {-1, -1, -1};
    int ready[2] = {-1, -1};
    int end[2] = {-1, -1};
    int error = 0;
    // A file takes what comes late, too, where a pipe would have to be read.
    int output = (int)memfd_create("berth-output", MFD_CLOEXEC);
    if (output < 0 || pipe2(ready, O_CLOEXEC) < 0 || pipe2(end, O_CLOEXEC) < 0) error = errno;
    own[0] = output;
    own[1] = ready[1];
    own[2] = end[0];
    // Out of the way of the numbers that are filled: any may be one of them.
    for (int index = 0; index < 3 && error == 0; index++)
        if ((moved[index] = fcntl(own[index], F_DUPFD_CLOEXEC, BERTH_BACKGROUND_EXIT + 1)) < 0) error = errno;
    pid_t process = -1;
    if (error == 0) error = spawn(path, arguments, folder, moved, &process);
    close_all(moved, 3);
    close_all(own + 1, 2);
    if (error == 0) {
        *started = (struct berth_background){process, ready[0], end[1], output};
        return 0;
    }
    const int rest[] = {ready[0], end[1], output};
    close_all(rest, 3);
    return error;
}

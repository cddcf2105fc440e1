#define _GNU_SOURCE
#include "CConfinement.h"
#include "CSandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

static int arrange(posix_spawn_file_actions_t *actions, const int *descriptors, size_t count) {
    // By way of numbers that none of them has, so that none is overwritten before its turn.
    int base = (int)count;
    for (size_t i = 0; i < count; i++)
        if (descriptors[i] >= base) base = descriptors[i] + 1;
    int error = 0;
    for (size_t i = 0; i < count && error == 0; i++)
        error = posix_spawn_file_actions_adddup2(actions, descriptors[i], base + (int)i);
    for (size_t i = 0; i < count && error == 0; i++)
        error = posix_spawn_file_actions_adddup2(actions, base + (int)i, (int)i);
    return error != 0 ? error : posix_spawn_file_actions_addclosefrom_np(actions, (int)count);
}

int berth_spawn(const char *program, char *const arguments[], char *const environment[], const int *descriptors,
                size_t count, pid_t *process) {
    posix_spawn_file_actions_t actions;
    int error = posix_spawn_file_actions_init(&actions);
    if (error != 0) return error;
    error = arrange(&actions, descriptors, count);
    if (error == 0) error = berth_spawn_unhindered(process, program, &actions, 0, arguments, environment);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

int berth_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC); }

void berth_enlarge_pipe(int descriptor) { fcntl(descriptor, F_SETPIPE_SZ, 1 << 20); }

ssize_t berth_move_to_pipe(int file, int64_t offset, int pipe, size_t count) {
    off64_t position = offset;
    return splice(file, &position, pipe, NULL, count, 0);
}

void berth_begin_write_back(int descriptor, int64_t offset, int64_t length) {
    sync_file_range(descriptor, offset, length, SYNC_FILE_RANGE_WRITE);
}

int berth_synchronize_file_system(int descriptor) { return syncfs(descriptor); }

int berth_make_node(const char *path, mode_t mode, unsigned int major, unsigned int minor) {
    return mknod(path, mode, makedev(major, minor));
}

int berth_set_attribute(const char *path, const char *name, const void *value, size_t size) {
    return lsetxattr(path, name, value, size, 0);
}

ssize_t berth_list_attributes(const char *path, char *names, size_t size) { return llistxattr(path, names, size); }

ssize_t berth_get_attribute(const char *path, const char *name, void *value, size_t size) {
    return lgetxattr(path, name, value, size);
}

int berth_find_folder(int base, const char *path, bool follows_link) {
    uint64_t flags = O_PATH | O_DIRECTORY | O_CLOEXEC | (follows_link ? 0 : O_NOFOLLOW);
    struct open_how how = {.flags = flags, .resolve = RESOLVE_NO_MAGICLINKS};
    return (int)syscall(SYS_openat2, base, path, &how, sizeof how);
}

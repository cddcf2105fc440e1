#define _GNU_SOURCE
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <linux/openat2.h>

int berth_mount(const char *source, const char *target, const char *type, unsigned long flags, const char *options) {
    return (int)syscall(SYS_mount, source, target, type, flags, options);
}

int berth_open_beneath(int root, const char *path, uint64_t flags, uint64_t resolve) {
    struct open_how how = {.flags = flags, .resolve = resolve};
    return (int)syscall(SYS_openat2, root, path, &how, sizeof how);
}

// A mount of its own of what `path` names; it is nowhere until it is attached.
int berth_clone_mount(int directory, const char *path) {
    unsigned int flags = OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_SYMLINK_NOFOLLOW;
    if (path[0] == '\0') flags |= AT_EMPTY_PATH;
    return (int)syscall(SYS_open_tree, directory, path, flags);
}

int berth_attach_mount(int mount, int directory, const char *path) {
    unsigned int flags = MOVE_MOUNT_F_EMPTY_PATH;
    if (path[0] == '\0') flags |= MOVE_MOUNT_T_EMPTY_PATH;
    return (int)syscall(SYS_move_mount, mount, "", directory, path, flags);
}

static int set_options(int context, const struct berth_option *options, size_t count) {
    for (size_t index = 0; index < count; index++) {
        const struct berth_option *option = &options[index];
        if (syscall(SYS_fsconfig, context, FSCONFIG_SET_STRING, option->key, option->value, 0) < 0) return -1;
    }
    return (int)syscall(SYS_fsconfig, context, FSCONFIG_CMD_CREATE, NULL, NULL, 0);
}

// A new file system's mount, not attached yet; -1 with errno.
int berth_new_mount(const char *type, const struct berth_option *options, size_t count, unsigned int attributes) {
    int context = (int)syscall(SYS_fsopen, type, FSOPEN_CLOEXEC);
    if (context < 0) return -1;
    int mount = -1;
    // What the mount table says it is mounted from.
    (void)syscall(SYS_fsconfig, context, FSCONFIG_SET_STRING, "source", type, 0);
    if (set_options(context, options, count) == 0)
        mount = (int)syscall(SYS_fsmount, context, FSMOUNT_CLOEXEC, attributes);
    int error = errno;
    close(context);
    errno = error;
    return mount;
}

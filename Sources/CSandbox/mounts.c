#define _GNU_SOURCE
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>

// An option of a file system: a key and its value.
struct option {
    const char *key;
    const char *value;
};

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

static int set_options(int context, const struct option *options, size_t count) {
    for (size_t index = 0; index < count; index++) {
        const struct option *option = &options[index];
        if (syscall(SYS_fsconfig, context, FSCONFIG_SET_STRING, option->key, option->value, 0) < 0) return -1;
    }
    return (int)syscall(SYS_fsconfig, context, FSCONFIG_CMD_CREATE, NULL, NULL, 0);
}

// A new file system's mount, not attached yet; -1 with errno.
static int new_mount(const char *type, const struct option *options, size_t count, unsigned int attributes) {
    int context = (int)syscall(SYS_fsopen, type, FSOPEN_CLOEXEC);
    if (context < 0) return -1;
    int mount = -1;
    if (set_options(context, options, count) == 0)
        mount = (int)syscall(SYS_fsmount, context, FSMOUNT_CLOEXEC, attributes);
    int error = errno;
    close(context);
    errno = error;
    return mount;
}

// A folder to mount at, made where it is missing. In an image it may be a link to elsewhere: that is refused
// (ELOOP or ENOTDIR), as runc does, for a /proc that isn't at /proc would be masked nowhere.
static int mount_target(int directory, const char *name, const char *subject) {
    if (mkdirat(directory, name, 0755) < 0 && errno != EEXIST) berth_fail(BERTH_STEP_MOUNT, subject);
    uint64_t flags = O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
    int target = berth_open_beneath(directory, name, flags, RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS);
    return berth_check(target, BERTH_STEP_MOUNT, subject);
}

static void attach(int mount, int directory, const char *name, const char *subject) {
    berth_check(mount, BERTH_STEP_MOUNT, subject);
    int target = mount_target(directory, name, subject);
    berth_check(berth_attach_mount(mount, target, ""), BERTH_STEP_MOUNT, subject);
    close(target);
    close(mount);
}

static int new_terminal_mount(unsigned int attributes) {
    // Group 5 is `tty` in every distribution; a user namespace may have no such group mapped.
    const struct option options[] = {{"ptmxmode", "0666"}, {"mode", "0620"}, {"gid", "5"}};
    int mount = new_mount("devpts", options, 3, attributes);
    return mount < 0 && errno == EINVAL ? new_mount("devpts", options, 2, attributes) : mount;
}

static void mount_devices(const struct berth_plan *plan, int root) {
    const unsigned int closed = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC | MOUNT_ATTR_NODEV;
    const struct option device_options[] = {{"mode", "0755"}, {"size", "65536k"}};
    const struct option memory_options[] = {{"mode", "1777"}, {"size", "65536k"}};
    // Not nodev yet, so that each device's own mount, cloned from it, isn't either: it becomes so after the pivot.
    attach(new_mount("tmpfs", device_options, 2, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC), root, "dev", "/dev");
    int devices = mount_target(root, "dev", "/dev");
    attach(new_terminal_mount(MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC), devices, "pts", "/dev/pts");
    attach(new_mount("tmpfs", memory_options, 2, closed), devices, "shm", "/dev/shm");
    // A kernel may be built without POSIX message queues.
    int queues = new_mount("mqueue", NULL, 0, closed);
    if (queues >= 0) attach(queues, devices, "mqueue", "/dev/mqueue");
    berth_fill_device_folder(plan, devices);
    close(devices);
}

void berth_mount_system_folders(const struct berth_plan *plan, int root) {
    const unsigned int closed = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC | MOUNT_ATTR_NODEV;
    attach(new_mount("proc", NULL, 0, closed), root, "proc", "/proc");
    // In a user namespace the kernel may refuse it, where the host hides parts of its own: then /sys is empty.
    int system = new_mount("sysfs", NULL, 0, closed | MOUNT_ATTR_RDONLY);
    if (system >= 0 || plan->user_map == NULL) attach(system, root, "sys", "/sys");
    mount_devices(plan, root);
}

// Covers a folder by an empty one, and a file by /dev/null.
static void mask(const char *path) {
    int target = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    if (target < 0 && errno == ENOENT) return;
    berth_check(target, BERTH_STEP_MASK, path);
    struct stat status;
    berth_check(fstat(target, &status), BERTH_STEP_MASK, path);
    unsigned int attributes = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC | MOUNT_ATTR_NODEV;
    int cover = S_ISDIR(status.st_mode) ? new_mount("tmpfs", NULL, 0, attributes)
                                        : berth_clone_mount(AT_FDCWD, "/dev/null");
    berth_check(cover, BERTH_STEP_MASK, path);
    berth_check(berth_attach_mount(cover, target, ""), BERTH_STEP_MASK, path);
    close(cover);
    close(target);
}

static void make_read_only(const char *path) {
    if (berth_mount(path, path, NULL, MS_BIND | MS_REC, NULL) < 0) {
        if (errno == ENOENT) return;
        berth_fail(BERTH_STEP_MASK, path);
    }
    unsigned long flags = MS_BIND | MS_REMOUNT | MS_RDONLY | MS_NOSUID | MS_NOEXEC | MS_NODEV;
    berth_check(berth_mount(NULL, path, NULL, flags, NULL), BERTH_STEP_MASK, path);
}

// Takes away what would let the container's root see or change the host's kernel.
void berth_restrict_system_folders(const struct berth_plan *plan) {
    for (const char *const *path = plan->masked_paths; *path != NULL; path++) mask(*path);
    for (const char *const *path = plan->read_only_paths; *path != NULL; path++) make_read_only(*path);
    unsigned long flags = MS_BIND | MS_REMOUNT | MS_NOSUID | MS_NOEXEC | MS_NODEV;
    berth_check(berth_mount(NULL, "/dev", NULL, flags, NULL), BERTH_STEP_MASK, "/dev");
}

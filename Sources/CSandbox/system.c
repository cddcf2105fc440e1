#define _GNU_SOURCE
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>

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
    const struct berth_option options[] = {{"ptmxmode", "0666"}, {"mode", "0620"}, {"gid", "5"}};
    int mount = berth_new_mount("devpts", options, 3, attributes);
    return mount < 0 && errno == EINVAL ? berth_new_mount("devpts", options, 2, attributes) : mount;
}

static void mount_devices(const struct berth_plan *plan, int root) {
    const unsigned int closed = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC | MOUNT_ATTR_NODEV;
    const struct berth_option device_options[] = {{"mode", "0755"}, {"size", "65536k"}};
    const struct berth_option memory_options[] = {{"mode", "1777"}, {"size", plan->shared_memory_size}};
    // Not nodev yet, so that each device's own mount, cloned from it, isn't either: it becomes so after the pivot.
    attach(berth_new_mount("tmpfs", device_options, 2, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC), root, "dev", "/dev");
    int devices = mount_target(root, "dev", "/dev");
    attach(new_terminal_mount(MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC), devices, "pts", "/dev/pts");
    attach(berth_new_mount("tmpfs", memory_options, 2, closed), devices, "shm", "/dev/shm");
    // A kernel may be built without POSIX message queues.
    int queues = berth_new_mount("mqueue", NULL, 0, closed);
    if (queues >= 0) attach(queues, devices, "mqueue", "/dev/mqueue");
    berth_fill_device_folder(plan, root, devices);
    close(devices);
}

void berth_mount_system_folders(const struct berth_plan *plan, int root) {
    const unsigned int closed = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC | MOUNT_ATTR_NODEV;
    attach(berth_new_mount("proc", NULL, 0, closed), root, "proc", "/proc");
    // In a user namespace the kernel may refuse it, where the host hides parts of its own: then /sys is empty.
    int system = berth_new_mount("sysfs", NULL, 0, closed | (plan->is_privileged ? 0 : MOUNT_ATTR_RDONLY));
    if (system >= 0 || !plan->has_user_namespace) attach(system, root, "sys", "/sys");
    mount_devices(plan, root);
}

// From now on the only devices in /dev are those that have a mount of their own.
void berth_close_device_folder(const struct berth_plan *plan) {
    if (plan->is_privileged) return;
    unsigned long flags = MS_BIND | MS_REMOUNT | MS_NOSUID | MS_NOEXEC | MS_NODEV;
    berth_check(berth_mount(NULL, "/dev", NULL, flags, NULL), BERTH_STEP_MASK, "/dev");
}

// A mount of /dev/null; not of what a volume may have put in its place.
static int null_mount(void) {
    int null = berth_open_device("/dev/null", 1, 3);
    if (null < 0) return -1;
    int mount = berth_clone_mount(null, "");
    close(null);
    return mount;
}

// Covers a folder by an empty one, and a file by /dev/null.
static void mask(const char *path) {
    int target = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    if (target < 0 && (errno == ENOENT || errno == ENOTDIR)) return;
    berth_check(target, BERTH_STEP_MASK, path);
    struct stat status;
    berth_check(fstat(target, &status), BERTH_STEP_MASK, path);
    unsigned int attributes = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC | MOUNT_ATTR_NODEV;
    int cover = S_ISDIR(status.st_mode) ? berth_new_mount("tmpfs", NULL, 0, attributes) : null_mount();
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
}

void berth_apply_settings(const struct berth_plan *plan) {
    if (plan->setting_count == 0) return;
    int folder = open("/proc/sys", O_PATH | O_DIRECTORY | O_CLOEXEC);
    berth_check(folder, BERTH_STEP_SETTING, "/proc/sys");
    for (size_t index = 0; index < plan->setting_count; index++) {
        const struct berth_setting *setting = &plan->settings[index];
        uint64_t resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS;
        int file = berth_open_beneath(folder, setting->path, O_WRONLY | O_CLOEXEC, resolve);
        bool is_set = file >= 0 && write(file, setting->value, strlen(setting->value)) >= 0;
        if (!is_set && !setting->is_optional) berth_fail(BERTH_STEP_SETTING, setting->path);
        if (file >= 0) close(file);
    }
    close(folder);
}

#define _GNU_SOURCE
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

struct device {
    const char *name;
    const char *host_path;
    unsigned int major;
    unsigned int minor;
};

// Numbers: Linux, Documentation/admin-guide/devices.txt.
static const struct device devices_of_every_container[] = {
    {"null", "/dev/null", 1, 3},     {"zero", "/dev/zero", 1, 5},       {"full", "/dev/full", 1, 7},
    {"random", "/dev/random", 1, 8}, {"urandom", "/dev/urandom", 1, 9}, {"tty", "/dev/tty", 5, 0},
};

static const struct berth_link links_of_every_container[] = {
    {"ptmx", "pts/ptmx"},
    {"fd", "/proc/self/fd"},
    {"stdin", "/proc/self/fd/0"},
    {"stdout", "/proc/self/fd/1"},
    {"stderr", "/proc/self/fd/2"},
};

// A mount of the device: of a node made here where we may, because the host's inode in the container would let
// its root change the host's modes; else of the host's, which a user namespace's root does not own.
static int device_mount(int devices, const struct device *device) {
    if (mknodat(devices, device->name, S_IFCHR | 0666, makedev(device->major, device->minor)) == 0)
        return berth_clone_mount(devices, device->name);
    if (errno != EPERM) return -1;
    int place = openat(devices, device->name, O_CREAT | O_EXCL | O_RDONLY | O_CLOEXEC, 0666);
    if (place < 0) return -1;
    close(place);
    return berth_clone_mount(AT_FDCWD, device->host_path);
}

// Opens a character device by its path in the container; -1 with errno, ENODEV where something else is there.
int berth_open_device(const char *path, unsigned int major_number, unsigned int minor_number) {
    uint64_t flags = O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC;
    int device = berth_open_beneath(AT_FDCWD, path, flags, RESOLVE_NO_SYMLINKS);
    if (device < 0) return -1;
    struct stat status;
    bool is_right = fstat(device, &status) == 0 && S_ISCHR(status.st_mode) &&
        status.st_rdev == makedev(major_number, minor_number);
    if (is_right && fcntl(device, F_SETFL, O_RDWR) == 0) return device;
    close(device);
    errno = ENODEV;
    return -1;
}

// Makes the folders on the way to `name`, which is relative.
static void make_folders(int directory, const char *name) {
    char prefix[PATH_MAX];
    size_t length = strlen(name);
    if (length >= sizeof prefix) return;
    for (size_t index = 0; index < length; index++) {
        if (name[index] == '/' && index > 0) {
            prefix[index] = '\0';
            (void)mkdirat(directory, prefix, 0755);
        }
        prefix[index] = name[index];
    }
}

static int make_node(int devices, const char *name, const struct berth_device *device) {
    if (mknodat(devices, name, device->mode, makedev(device->major_number, device->minor_number)) < 0) return -1;
    // Not fatal: a user namespace may not have the owner.
    (void)fchownat(devices, name, device->user, device->group, AT_SYMLINK_NOFOLLOW);
    return 0;
}

// Where the node of a device is for as long as its mount is on the way to its place.
static const char chosen[] = ".chosen";

// A mount of a device that the user chose; its own node is in /dev, whatever place it is for.
static int chosen_mount(int devices, const struct berth_device *device) {
    if (make_node(devices, chosen, device) == 0) return berth_clone_mount(devices, chosen);
    return errno == EPERM ? berth_clone_mount(AT_FDCWD, device->host_path) : -1;
}

static void add_chosen_device(const struct berth_plan *plan, int root, int devices, const struct berth_device *device) {
    const bool is_in_folder = strncmp(device->path, "/dev/", 5) == 0;
    if (is_in_folder) make_folders(devices, device->path + 5);
    if (is_in_folder && plan->is_privileged && make_node(devices, device->path + 5, device) == 0) return;
    // One that every container has stays as it is.
    if (is_in_folder && errno == EEXIST && plan->is_privileged) return;
    int mount = berth_check(chosen_mount(devices, device), BERTH_STEP_DEVICE, device->path);
    int place = berth_make_place(root, device->path, S_IFREG, false);
    berth_check(place, BERTH_STEP_DEVICE, device->path);
    berth_check(berth_attach_mount(mount, place, ""), BERTH_STEP_DEVICE, device->path);
    (void)unlinkat(devices, chosen, 0);
    close(place);
    close(mount);
}

// Each device is a mount over its own place, since /dev itself becomes nodev: what the container's root makes
// with mknod can't be opened.
void berth_fill_device_folder(const struct berth_plan *plan, int root, int devices) {
    size_t count = sizeof devices_of_every_container / sizeof devices_of_every_container[0];
    for (size_t index = 0; index < count; index++) {
        const struct device *device = &devices_of_every_container[index];
        int mount = berth_check(device_mount(devices, device), BERTH_STEP_DEVICE, device->host_path);
        berth_check(berth_attach_mount(mount, devices, device->name), BERTH_STEP_DEVICE, device->host_path);
        close(mount);
    }
    count = sizeof links_of_every_container / sizeof links_of_every_container[0];
    for (size_t index = 0; index < count; index++) {
        const struct berth_link *link = &links_of_every_container[index];
        berth_check(symlinkat(link->target, devices, link->name), BERTH_STEP_DEVICE, link->name);
    }
    for (size_t index = 0; index < plan->device_count; index++)
        add_chosen_device(plan, root, devices, &plan->devices[index]);
    if (!plan->program.terminal) return;
    int console = openat(devices, "console", O_CREAT | O_EXCL | O_RDONLY | O_CLOEXEC, 0620);
    close(berth_check(console, BERTH_STEP_DEVICE, "/dev/console"));
}

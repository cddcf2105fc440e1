#define _GNU_SOURCE
#include "child.h"

#include <fcntl.h>
#include <linux/mount.h>
#include <sched.h>

// Makes the group that this process is in the root of all that the container sees of groups.
void berth_enter_cgroup_namespace(const struct berth_plan *plan) {
    // A kernel may be built without.
    if (unshare(CLONE_NEWCGROUP) < 0 || !plan->has_unified_cgroups) return;
    // For programs that ask how much they may use. One that finds nothing takes the whole machine for its own.
    int target = open("/sys/fs/cgroup", O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (target < 0) return;
    unsigned int attributes = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC | MOUNT_ATTR_NODEV;
    int mount = berth_new_mount("cgroup2", NULL, 0, attributes);
    if (mount >= 0) {
        (void)berth_attach_mount(mount, target, "");
        close(mount);
    }
    close(target);
}

#define _GNU_SOURCE
#include "child.h"

#include <fcntl.h>
#include <linux/mount.h>
#include <sys/stat.h>

enum { DETACH = 2 };  // MNT_DETACH, which only glibc's header has

// Mounts the image's layers below one writable folder, and returns the new root.
//
// A scratch tmpfs holds a short link for each layer: mount options must fit one page, whatever the layers' paths
// and number, and need no escapes this way. It goes with the old root.
int berth_mount_root(const struct berth_plan *plan) {
    unsigned long flags = MS_NOSUID | MS_NODEV | MS_NOEXEC;
    if (berth_mount("berth", plan->mount_point, "tmpfs", flags, "mode=0755,size=16m") < 0)
        berth_fail(BERTH_STEP_SCRATCH, "tmpfs");
    berth_check(chdir(plan->mount_point), BERTH_STEP_SCRATCH, "tmpfs");
    for (size_t index = 0; index < plan->link_count; index++) {
        const struct berth_link *link = &plan->links[index];
        berth_check(symlink(link->target, link->name), BERTH_STEP_SCRATCH, link->name);
    }
    berth_check(mkdir("root", 0755), BERTH_STEP_SCRATCH, "root");
    berth_check(berth_make_base_layer(), BERTH_STEP_SCRATCH, "base");
    // MS_NODEV: a layer may hold, and the container's root may make, a node for any device of the host. The ones
    // that a container has are mounts of their own in /dev.
    unsigned long root_flags = plan->is_privileged ? 0 : MS_NODEV;
    if (berth_mount(plan->overlay_source, "root", "overlay", root_flags, plan->overlay_options) < 0)
        berth_fail(BERTH_STEP_OVERLAY, NULL);
    return berth_check(open("root", O_PATH | O_DIRECTORY | O_CLOEXEC), BERTH_STEP_OVERLAY, "root");
}

// Makes `root` the root of the mount namespace and lets the host's go: a chroot would leave the host's tree
// mounted, one escape away.
void berth_pivot(int root) {
    berth_check(fchdir(root), BERTH_STEP_PIVOT, NULL);
    // With both names the same the old root ends up mounted over the new one, and needs no folder in the image.
    berth_check((int)syscall(SYS_pivot_root, ".", "."), BERTH_STEP_PIVOT, NULL);
    // "." is the old root, the topmost mount there; detached, for programs of the host have files open in it.
    berth_check((int)syscall(SYS_umount2, ".", DETACH), BERTH_STEP_PIVOT, NULL);
    berth_check(chdir("/"), BERTH_STEP_PIVOT, "/");
    close(root);
}

// Last, for places and folders are made in it until then.
void berth_protect_root(const struct berth_plan *plan) {
    if (!plan->has_read_only_root) return;
    unsigned long flags = MS_BIND | MS_REMOUNT | MS_RDONLY | (plan->is_privileged ? 0 : MS_NODEV);
    berth_check(berth_mount(NULL, "/", NULL, flags, NULL), BERTH_STEP_MASK, "/");
}

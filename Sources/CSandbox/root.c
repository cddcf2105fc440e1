#define _GNU_SOURCE
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <linux/openat2.h>
#include <string.h>
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
    // The lowest layer of an image that has none.
    berth_check(mkdir("empty", 0755), BERTH_STEP_SCRATCH, "empty");
    // MS_NODEV: a layer may hold, and the container's root may make, a node for any device of the host. The ones
    // that a container has are mounts of their own in /dev.
    if (berth_mount(plan->overlay_source, "root", "overlay", MS_NODEV, plan->overlay_options) < 0)
        berth_fail(BERTH_STEP_OVERLAY, NULL);
    return berth_check(open("root", O_PATH | O_DIRECTORY | O_CLOEXEC), BERTH_STEP_OVERLAY, "root");
}

static void write_file(int directory, const struct berth_file *file) {
    // The image's file may be a link to anywhere: it is removed, not followed.
    if (unlinkat(directory, file->name, 0) < 0 && errno != ENOENT) berth_fail(BERTH_STEP_FILE, file->name);
    int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    int output = berth_check(openat(directory, file->name, flags, 0644), BERTH_STEP_FILE, file->name);
    size_t written = 0;
    while (written < file->length) {
        ssize_t count = write(output, file->content + written, file->length - written);
        if (count < 0) berth_fail(BERTH_STEP_FILE, file->name);
        written += (size_t)count;
    }
    close(output);
}

void berth_write_files(const struct berth_plan *plan, int root) {
    if (mkdirat(root, "etc", 0755) < 0 && errno != EEXIST) berth_fail(BERTH_STEP_FILE, "/etc");
    // /etc itself may be a link: within the root it may lead where it likes.
    uint64_t resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_XDEV;
    int directory = berth_open_beneath(root, "etc", O_PATH | O_DIRECTORY | O_CLOEXEC, resolve);
    berth_check(directory, BERTH_STEP_FILE, "/etc");
    for (size_t index = 0; index < plan->file_count; index++) write_file(directory, &plan->files[index]);
    close(directory);
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

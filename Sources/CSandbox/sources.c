#define _GNU_SOURCE
#include "child.h"

#include <fcntl.h>
#include <linux/mount.h>

static int open_source(const struct berth_mount *mount) {
    if (mount->source == NULL) return berth_new_mount("tmpfs", mount->options, mount->option_count, 0);
    // The host's own links may be followed, for the path is the user's.
    unsigned int flags = OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | (mount->is_recursive ? AT_RECURSIVE : 0);
    return (int)syscall(SYS_open_tree, AT_FDCWD, mount->source, flags);
}

// Takes hold of all that is to be mounted, as long as the host's files are in reach.
void berth_open_sources(const struct berth_plan *plan) {
    for (size_t index = 0; index < plan->mount_count; index++) {
        struct berth_mount *mount = &plan->mounts[index];
        const char *subject = mount->source == NULL ? mount->target : mount->source;
        mount->descriptor = berth_check(open_source(mount), BERTH_STEP_SOURCE, subject);
    }
}

// Only by descriptors, each opened beneath the container's root: a path checked first and mounted at then could have
// become a link to elsewhere in between.
static void attach_source(const struct berth_mount *mount, int root) {
    struct stat status;
    berth_check(fstat(mount->descriptor, &status), BERTH_STEP_MOUNT, mount->target);
    struct mount_attr attributes = {.attr_set = mount->attributes, .propagation = mount->propagation};
    unsigned int flags = AT_EMPTY_PATH | (mount->is_recursive ? AT_RECURSIVE : 0);
    long result = syscall(SYS_mount_setattr, mount->descriptor, "", flags, &attributes, sizeof attributes);
    berth_check((int)result, BERTH_STEP_MOUNT, mount->target);
    mode_t kind = S_ISDIR(status.st_mode) ? S_IFDIR : S_IFREG;
    int place = berth_check(
        berth_make_place(root, mount->target, kind, mount->covers_link), BERTH_STEP_MOUNT, mount->target);
    berth_check(berth_attach_mount(mount->descriptor, place, ""), BERTH_STEP_MOUNT, mount->target);
    close(place);
    close(mount->descriptor);
}

void berth_attach_sources(const struct berth_plan *plan) {
    int root = berth_check(open("/", O_PATH | O_DIRECTORY | O_CLOEXEC), BERTH_STEP_MOUNT, "/");
    for (size_t index = 0; index < plan->mount_count; index++) attach_source(&plan->mounts[index], root);
    close(root);
}

#define _GNU_SOURCE
#include "CSandbox.h"
#include "CTree.h"
#include "steps.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <linux/openat2.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

// <sys/mount.h> and <linux/mount.h> can't be had together.
int mount(const char *source, const char *target, const char *type, unsigned long flags, const void *options);

// A folder that is there on every host, and that nothing here needs once it is covered.
static const char scratch[] = "/proc";

static int clone_mount(const char *path) {
    return (int)syscall(SYS_open_tree, AT_FDCWD, path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
}

static int close_down(int tree, unsigned long attributes) {
    struct mount_attr change = {.attr_set = attributes};
    return (int)syscall(SYS_mount_setattr, tree, "", AT_EMPTY_PATH, &change, sizeof change);
}

static int attach(int tree, int target) {
    return (int)syscall(SYS_move_mount, tree, "", target, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH);
}

static const char *make_scratch(void) {
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) return "make its mounts private";
    if (mount("berth", scratch, "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, "mode=0755,size=16m") != 0)
        return "make a place to mount at";
    return chdir(scratch) == 0 ? NULL : "enter the place to mount at";
}

// A short link for each folder: the options must fit one page, and need no escapes this way.
static const char *link_folders(const struct berth_tree *tree) {
    char name[24];
    for (size_t index = 0; index < tree->layer_count; index++) {
        snprintf(name, sizeof name, "%zu", index);
        if (symlink(tree->layers[index], name) != 0) return "name the layers";
    }
    if (tree->upper != NULL && symlink(tree->upper, "upper") != 0) return "name the writable layer";
    if (tree->work != NULL && symlink(tree->work, "work") != 0) return "name the writable layer";
    if (berth_make_base_layer() != 0) return "make the lowest layer";
    return mkdir("empty", 0755) == 0 && mkdir("root", 0755) == 0 ? NULL : "make a place to mount at";
}

static const char *mount_overlay(const struct berth_tree *tree) {
    size_t room = 256 + tree->layer_count * 24;
    char *options = malloc(room);
    if (options == NULL) return "find memory";
    int length = snprintf(options, room, "index=off,redirect_dir=nofollow%s", tree->privileged ? "" : ",userxattr");
    if (tree->work != NULL) length += snprintf(options + length, room - length, ",upperdir=upper,workdir=work");
    bool shows_upper = tree->work == NULL && tree->upper != NULL;
    length += snprintf(options + length, room - length, ",lowerdir=%s", shows_upper ? "upper:" : "");
    for (size_t index = 0; index < tree->layer_count; index++)
        length += snprintf(options + length, room - length, "%zu:", index);
    // Two layers at least, as overlayfs wants them of what can't be written.
    snprintf(options + length, room - length, "%s", tree->layer_count == 0 && !shows_upper ? "base:empty" : "base");
    unsigned long flags = MS_NOSUID | MS_NODEV | MS_NOEXEC | (tree->work == NULL || tree->read_only_root ? MS_RDONLY : 0);
    int result = mount("overlay", "root", "overlay", flags, options);
    free(options);
    return result == 0 ? NULL : "mount the layers";
}

static const char *add_mounts(const struct berth_tree *tree, int root) {
    for (size_t index = 0; index < tree->mount_count; index++) {
        const struct berth_tree_mount *added = &tree->mounts[index];
        int source = clone_mount(added->source);
        if (source < 0) continue;
        // A link in the container leads where it leads there.
        struct open_how how = {.flags = O_PATH | O_CLOEXEC, .resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS};
        int target = (int)syscall(SYS_openat2, root, added->target, &how, sizeof how);
        unsigned long attributes = MOUNT_ATTR_NODEV | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC;
        if (added->read_only || tree->work == NULL) attributes |= MOUNT_ATTR_RDONLY;
        if (target >= 0 && (close_down(source, attributes) != 0 || attach(source, target) != 0))
            return "mount a volume";
        if (target >= 0) close(target);
        close(source);
    }
    return NULL;
}

static const char *enter_merged(const struct berth_tree *tree) {
    const char *failed = make_scratch();
    if (failed == NULL) failed = link_folders(tree);
    if (failed == NULL) failed = mount_overlay(tree);
    if (failed != NULL) return failed;
    if (chdir("root") != 0) return "enter the layers";
    int root = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (root < 0) return "enter the layers";
    if ((failed = add_mounts(tree, root))) return failed;
    return berth_pivot_here();
}

static const char *show(const char *source, const char *name) {
    if (mkdir(name, 0755) != 0) return "make a place to mount at";
    int part = clone_mount(source);
    if (part < 0) return "look at a layer";
    int target = open(name, O_PATH | O_DIRECTORY | O_CLOEXEC);
    unsigned long attributes = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC;
    if (target < 0 || close_down(part, attributes) != 0 || attach(part, target) != 0) return "mount a layer";
    close(target);
    close(part);
    return NULL;
}

static const char *enter_parts(const struct berth_tree *tree) {
    const char *failed = make_scratch();
    if (failed != NULL) return failed;
    if (mkdir("layers", 0755) != 0) return "make a place to mount at";
    if ((failed = show(tree->upper, "upper"))) return failed;
    char name[32];
    for (size_t index = 0; index < tree->layer_count; index++) {
        snprintf(name, sizeof name, "layers/%zu", index);
        if ((failed = show(tree->layers[index], name))) return failed;
    }
    return berth_pivot_here();
}

static const char *join(const struct berth_tree *tree) {
    // With its mount namespace comes its root: no name leads to the host any more.
    int namespaces = CLONE_NEWNS | (tree->privileged ? 0 : CLONE_NEWUSER);
    if (setns(tree->process, namespaces) != 0) return "enter the container";
    if (tree->kind == BERTH_TREE_RUNNING) return NULL;
    int root = clone_mount("/");
    if (root < 0 || fchdir(root) != 0) return "look at the container's root alone";
    return chroot(".") == 0 ? NULL : "enter the container's root alone";
}

static const char *enter(const struct berth_tree *tree) {
    if (tree->kind == BERTH_TREE_RUNNING || tree->kind == BERTH_TREE_RUNNING_ROOT) return join(tree);
    const char *failed = berth_enter_namespaces(tree->privileged, tree->map);
    if (failed != NULL) return failed;
    switch (tree->kind) {
    case BERTH_TREE_MERGED: return enter_merged(tree);
    case BERTH_TREE_PARTS: return enter_parts(tree);
    default: return berth_change_root(tree->upper, tree->privileged);
    }
}

const char *berth_enter_tree(const struct berth_tree *tree) {
    const char *failed = enter(tree);
    if (failed != NULL) return failed;
    return syscall(SYS_close_range, 4U, ~0U, 0U) == 0 ? NULL : "close what it inherited";
}

#define _GNU_SOURCE
#include "child.h"

#include <linux/magic.h>
#include <linux/mount.h>
#include <sched.h>
#include <string.h>
#include <sys/vfs.h>

static const char folder[] = "/sys/fs/cgroup";

// Moves this process, which has one thread, into its control groups. A process that somebody else moves, or that has
// threads, makes the kernel wait until no processor is in the midst of a fork or an exit, each time for milliseconds.
void berth_enter_groups(const struct berth_program *program) {
    for (size_t index = 0; index < program->group_count; index++) {
        int file = BERTH_GROUPS + (int)index;
        if (write(file, "0", 1) < 0) berth_fail(BERTH_STEP_CGROUP, NULL);
        close(file);
    }
}

// Shows one hierarchy; a kernel that doesn't let a user namespace have it costs the sight only.
static void show(const struct berth_hierarchy *hierarchy, unsigned long flags) {
    char path[128];
    size_t length = strlen(hierarchy->name);
    if (sizeof folder + 1 + length > sizeof path) return;
    memcpy(path, folder, sizeof folder);
    if (length > 0) {
        path[sizeof folder - 1] = '/';
        memcpy(path + sizeof folder, hierarchy->name, length + 1);
        if (mkdir(path, 0755) < 0) return;
    }
    (void)berth_mount(hierarchy->type, path, hierarchy->type, flags, hierarchy->options);
}

// Makes the cgroup that the container is in by now the root of what its processes see, and shows it: programs
// look there for how much memory they have.
void berth_enter_cgroup_namespace(const struct berth_plan *plan) {
    // Not at the birth, when this process was in the monitor's.
    // A kernel may be built without.
    if (unshare(CLONE_NEWCGROUP) < 0) return;
    struct statfs system;
    // Where the user has something of their own, or there is no /sys, there it stays so.
    if (plan->hierarchy_count == 0 || statfs(folder, &system) < 0 || system.f_type != SYSFS_MAGIC) return;
    const unsigned long closed = MS_NOSUID | MS_NODEV | MS_NOEXEC;
    const unsigned long flags = closed | (plan->is_privileged ? 0 : MS_RDONLY);
    // One for each controller needs a folder that they are in.
    bool has_folders = plan->hierarchies[0].name[0] != '\0';
    if (has_folders && berth_mount("tmpfs", folder, "tmpfs", closed, "mode=755,size=64k") < 0) return;
    for (size_t index = 0; index < plan->hierarchy_count; index++) show(&plan->hierarchies[index], flags);
    if (has_folders) (void)berth_mount(NULL, folder, NULL, MS_REMOUNT | MS_BIND | flags, NULL);
}

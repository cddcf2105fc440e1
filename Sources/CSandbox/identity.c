#define _GNU_SOURCE
#include "child.h"

#include <errno.h>
#include <linux/capability.h>
#include <sys/prctl.h>

// The kernel's own wrappers only: glibc's setgroups, setresgid and setresuid would signal every thread that the
// parent had, and wait for their answers.

// What no program may ever have again, by whatever means.
static void bound_capabilities(const struct berth_program *program) {
    for (int capability = 0; capability < 64; capability++) {
        if (program->capabilities & (UINT64_C(1) << capability)) continue;
        if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) == 0) continue;
        if (errno == EINVAL) break;  // the kernel has no more
        berth_fail(BERTH_STEP_CAPABILITIES, NULL);
    }
    // Older kernels have no ambient set.
    (void)prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
}

static void set_capabilities(uint64_t wanted) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3];
    berth_check((int)syscall(SYS_capget, &header, sets), BERTH_STEP_CAPABILITIES, NULL);
    for (int half = 0; half < _LINUX_CAPABILITY_U32S_3; half++) {
        // Never more than we have: we may run with fewer ourselves.
        sets[half].permitted &= (uint32_t)(wanted >> (32 * half));
        sets[half].effective = sets[half].permitted;
        sets[half].inheritable = 0;
    }
    berth_check((int)syscall(SYS_capset, &header, sets), BERTH_STEP_CAPABILITIES, NULL);
}

// Leaves what the program will have and what it takes to become it: for a time during which others may look into this
// process, and who is allowed to trace it could act in its name.
void berth_reduce_capabilities(const struct berth_program *program) {
    uint64_t kept = program->capabilities;
    kept |= UINT64_C(1) << CAP_CHOWN | UINT64_C(1) << CAP_SETGID | UINT64_C(1) << CAP_SETUID;
    kept |= UINT64_C(1) << CAP_SETPCAP;
    if (program->limit_count > 0) kept |= UINT64_C(1) << CAP_SYS_RESOURCE;
    // It is what installs the filter then.
    if (!program->no_new_privileges && program->filter != NULL) kept |= UINT64_C(1) << CAP_SYS_ADMIN;
    if (program->no_new_privileges)
        berth_check(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), BERTH_STEP_CAPABILITIES, NULL);
    bound_capabilities(program);
    set_capabilities(kept);
}

// Groups first, the user last: who is no longer root may not change groups.
void berth_become(const struct berth_program *program, const struct berth_identity *identity) {
    // The bounding set needs CAP_SETPCAP, which the change of user takes away.
    bound_capabilities(program);
    if (program->sets_groups) {
        long result = syscall(SYS_setgroups, (size_t)identity->group_count, identity->groups);
        berth_check((int)result, BERTH_STEP_IDENTITY, "setgroups");
    }
    uint32_t group = identity->group;
    berth_check((int)syscall(SYS_setresgid, group, group, group), BERTH_STEP_IDENTITY, "setresgid");
    uint32_t user = identity->user;
    berth_check((int)syscall(SYS_setresuid, user, user, user), BERTH_STEP_IDENTITY, "setresuid");
    // Another user than root has lost them by the change of user.
    set_capabilities(user == 0 ? program->capabilities : 0);
}

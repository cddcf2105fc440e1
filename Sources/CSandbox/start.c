#define _GNU_SOURCE
#include "child.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/stat.h>

// From here on the container's first process is in its namespaces, all of them its own or its network's.
_Noreturn static void begin(const struct berth_plan *plan) {
    const struct berth_program *program = &plan->program;
    // What this process remembers of the host is nobody's business in the container; exec makes it dumpable again.
    prctl(PR_SET_DUMPABLE, 0);
    berth_begin_session();
    berth_name_host(plan);
    if (plan->network == BERTH_NETWORK_NEW) berth_raise_loopback();

    // Sources first: what is to be shared with the host is so no longer afterwards.
    berth_open_sources(plan);
    // Before the first mount: on a host whose mounts are shared (systemd's default), ours would appear there.
    if (berth_mount(NULL, "/", NULL, 0x4000 | 0x40000, NULL) < 0)  // MS_REC | MS_PRIVATE
        berth_fail(BERTH_STEP_PROPAGATION, "/");
    int root = berth_mount_root(plan);
    // Before the pivot: the kernel lets a user namespace mount proc and sysfs only where it can see them already,
    // and the host's devices can be bound only while they are in reach.
    berth_mount_system_folders(plan, root);
    berth_pivot(root);
    // After the pivot: every path is the container's own from here on, and /proc and /sys are ours.
    berth_close_device_folder(plan);
    berth_connect_null(program);
    int peer = -1;
    int terminal = -1;
    if (program->terminal) {
        terminal = berth_open_terminal(&peer);
        berth_show_console(peer);
    }
    // Volumes may hold anything, and others may be changing it: nothing of theirs is trusted to be what it was.
    berth_attach_sources(plan);
    berth_apply_settings(plan);
    berth_restrict_system_folders(plan);
    // A helper that connects an ordinary user's container has to see whose network it is. There is nobody else in it.
    if (plan->has_network_helper) prctl(PR_SET_DUMPABLE, 1);
    berth_report_prepared(terminal);
    struct berth_identity identity;
    berth_receive_identity(&identity);
    prctl(PR_SET_DUMPABLE, 0);
    berth_enter_cgroup_namespace(plan);
    // Before the working folder, which could be named by a descriptor.
    if (peer >= 0) berth_take_terminal(peer, identity.user);
    // While still the container's root, which may make folders anywhere in it.
    berth_enter_working_directory(program);
    berth_protect_root(plan);
    berth_run_program(program, &identity);
}

// The container's first process, from clone to exec.
static void child(const void *argument, int socket) {
    const struct berth_plan *plan = argument;
    const struct berth_program *program = &plan->program;
    // First the descriptors: nothing of the host stays open that a later step or the program could reach
    // (a working folder /proc/self/fd/7, say), and berth_fail gets its socket.
    berth_arrange_descriptors(program, socket, plan->network);
    berth_end_with_parent();
    berth_enter_groups(program);
    umask(0);
    berth_set_out_of_memory_score(program);

    // Another container's network, before anything of it is looked at.
    if (plan->network >= 0) {
        berth_check(setns(BERTH_KEPT, CLONE_NEWNET), BERTH_STEP_NETWORK, NULL);
        close(BERTH_KEPT);
    }
    // The user namespace is the owner of all others: until ids are mapped, nothing may be mounted or named.
    berth_map_user(plan);
    begin(plan);
}

// Those that a container has for itself, besides its network's and its users'.
static uint64_t own_namespaces(const struct berth_plan *plan) {
    uint64_t flags = CLONE_NEWNS | CLONE_NEWPID;
    if (!plan->has_host_memory) flags |= CLONE_NEWIPC;
    if (plan->hostname != NULL) flags |= CLONE_NEWUTS;
    return flags;
}

int berth_start(const struct berth_plan *plan, struct berth_started *started) {
    uint64_t flags = own_namespaces(plan);
    if (plan->network == BERTH_NETWORK_NEW) flags |= CLONE_NEWNET;
    if (plan->has_user_namespace) flags |= CLONE_NEWUSER;
    if (plan->program.group_folder >= 0) {
        struct berth_plan inside = *plan;
        inside.program.group_count = 0;
        if (berth_begin_in_group(flags, plan->program.group_folder, child, &inside, started) == 0) return 0;
        // A kernel, or a seccomp profile, that doesn't know how to; a group that refuses says so when asked again.
    }
    return berth_begin(flags, child, plan, started);
}

static void sibling(const struct berth_plan *plan) {
    // Not the one that went before: it would count against the container's limits.
    berth_enter_groups(&plan->program);
    berth_report_joined();
    berth_end_with_parent();
    begin(plan);
}

// Goes before where another container's network is joined that belongs to a user namespace: only from within that may
// namespaces be made that belong to it, too.
static void enter(const void *argument, int socket) {
    const struct berth_plan *plan = argument;
    berth_arrange_descriptors(&plan->program, socket, plan->owner);
    berth_end_with_parent();
    umask(0);
    berth_set_out_of_memory_score(&plan->program);
    berth_check(setns(BERTH_KEPT, CLONE_NEWUSER | CLONE_NEWNET), BERTH_STEP_NETWORK, NULL);
    close(BERTH_KEPT);
    uint64_t flags = CLONE_PARENT | own_namespaces(plan);
    // The monitor's child and not this one's, for the monitor to wait for.
    if (berth_check((int)berth_clone(flags, NULL), BERTH_STEP_CLONE, NULL) == 0) sibling(plan);
    _exit(0);
}

int berth_start_beside(const struct berth_plan *plan, struct berth_started *started, struct berth_failure *failure) {
    int error = berth_begin(0, enter, plan, started);
    if (error == 0) return berth_wait_joined(started, failure);
    *failure = (struct berth_failure){.step = BERTH_STEP_CLONE, .error = error};
    return 1;
}

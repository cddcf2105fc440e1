#define _GNU_SOURCE
#include "child.h"

#include <errno.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/stat.h>

// The process that joins, from its birth in the container's pid namespace to exec. Whatever it finds in there may be
// hostile by now.
_Noreturn static void member(const struct berth_program *program) {
    // Not the one that went before: it would count against the container's limits.
    berth_enter_groups(program);
    berth_report_joined();
    berth_end_with_parent();
    berth_begin_session();
    berth_connect_null(program);
    int peer = -1;
    int terminal = program->terminal ? berth_open_terminal(&peer) : -1;
    berth_report_prepared(terminal);
    struct berth_identity identity;
    berth_receive_identity(&identity);
    // Before the working folder, which could be named by a descriptor.
    if (peer >= 0) berth_take_terminal(peer, identity.user);
    berth_enter_working_directory(program);
    berth_run_program(program, &identity);
}

// Goes before: a process is in a pid namespace only from its birth on, so that it takes a second one.
static void enter(const void *argument, int socket) {
    const struct berth_join_plan *plan = argument;
    berth_arrange_descriptors(&plan->program, socket, plan->process_descriptor);
    berth_end_with_parent();
    umask(0);
    berth_set_out_of_memory_score(&plan->program);
    // From here on the container's processes can see this one, and its memory and descriptors are the monitor's.
    prctl(PR_SET_DUMPABLE, 0);

    int namespaces = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWCGROUP;
    if (!plan->has_host_network) namespaces |= CLONE_NEWNET;
    // One's own can't be entered.
    if (plan->program.has_user_namespace) namespaces |= CLONE_NEWUSER;
    berth_check(setns(BERTH_KEPT, namespaces), BERTH_STEP_JOIN, NULL);
    close(BERTH_KEPT);
    // A container's root that may trace can look into what isn't dumpable, too.
    berth_reduce_capabilities(&plan->program);
    // The monitor's child and not this one's, for the monitor to wait for.
    pid_t process = berth_check((int)berth_clone(CLONE_PARENT, NULL), BERTH_STEP_CLONE, NULL);
    if (process == 0) member(&plan->program);
    _exit(0);
}

int berth_join(const struct berth_join_plan *plan, struct berth_started *started, struct berth_failure *failure) {
    int error = berth_begin(0, enter, plan, started);
    if (error == 0) return berth_wait_joined(started, failure);
    *failure = (struct berth_failure){.step = BERTH_STEP_CLONE, .error = error};
    return 1;
}

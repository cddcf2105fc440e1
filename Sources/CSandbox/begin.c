#define _GNU_SOURCE
#include "child.h"

#include <errno.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <sys/socket.h>

// As berth_clone; where `group` isn't negative, in the control group of version 2 that it is the folder of.
static pid_t clone_into(uint64_t flags, int group, int *process_descriptor) {
    bool is_siblings = (flags & CLONE_PARENT) != 0;
    if (process_descriptor != NULL) flags |= CLONE_PIDFD;
    if (group >= 0) flags |= CLONE_INTO_CGROUP;
    struct clone_args arguments = {
        .flags = flags,
        .pidfd = (uint64_t)(uintptr_t)process_descriptor,
        // A sibling ends with the signal that its cloner ends with.
        .exit_signal = is_siblings ? 0 : SIGCHLD,
        .cgroup = group >= 0 ? (uint64_t)group : 0,
    };
    pid_t process = (pid_t)syscall(SYS_clone3, &arguments, sizeof arguments);
    if (process >= 0 || errno != ENOSYS || group >= 0) return process;
    // Some seccomp profiles hide clone3.
    return (pid_t)syscall(SYS_clone, flags | (is_siblings ? 0 : SIGCHLD), 0, process_descriptor, 0, 0);
}

pid_t berth_clone(uint64_t flags, int *process_descriptor) {
    return clone_into(flags, -1, process_descriptor);
}

int berth_begin(
    uint64_t flags, void (*child)(const void *plan, int socket), const void *plan, struct berth_started *started
) {
    return berth_begin_in_group(flags, -1, child, plan, started);
}

int berth_begin_in_group(
    uint64_t flags, int group, void (*child)(const void *plan, int socket), const void *plan,
    struct berth_started *started
) {
    int sockets[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets) < 0) return errno;
    // Each message then says who sent it, by the number that this process knows the sender by.
    const int wanted = 1;
    (void)setsockopt(sockets[0], SOL_SOCKET, SO_PASSCRED, &wanted, sizeof wanted);

    // No handler of the parent's may run in the child; the child unblocks what it gave default dispositions.
    sigset_t every;
    sigset_t previous;
    sigfillset(&every);
    pthread_sigmask(SIG_SETMASK, &every, &previous);
    int process_descriptor = -1;
    pid_t process = clone_into(flags, group, &process_descriptor);
    if (process == 0) {
        // Its own copy of the parent's end would hide the parent's death.
        close(sockets[0]);
        child(plan, sockets[1]);
        _exit(125);
    }
    int error = errno;
    pthread_sigmask(SIG_SETMASK, &previous, NULL);
    close(sockets[1]);
    if (process < 0) {
        close(sockets[0]);
        return error;
    }
    *started = (struct berth_started){process, process_descriptor, sockets[0]};
    return 0;
}

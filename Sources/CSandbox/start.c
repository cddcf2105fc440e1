#define _GNU_SOURCE
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

enum { MAXIMUM_DESCRIPTORS = 3 };

union control {
    struct cmsghdr header;
    char bytes[CMSG_SPACE(MAXIMUM_DESCRIPTORS * sizeof(int))];
};

_Noreturn void berth_fail(enum berth_step step, const char *subject) {
    struct berth_report report = {.kind = BERTH_REPORT_FAILED, .failure = {.step = step, .error = errno}};
    if (subject != NULL) strncpy(report.failure.subject, subject, sizeof report.failure.subject - 1);
    (void)send(BERTH_SOCKET, &report, sizeof report, MSG_NOSIGNAL);
    _exit(125);
}

// Hands the parent what it needs to decide the identity: the image's account files and the terminal.
static void report_prepared(int passwd, int group, int terminal) {
    struct berth_report report = {
        .kind = BERTH_REPORT_PREPARED,
        .has_passwd = passwd >= 0,
        .has_group = group >= 0,
        .has_terminal = terminal >= 0,
    };
    int descriptors[MAXIMUM_DESCRIPTORS];
    size_t count = 0;
    if (passwd >= 0) descriptors[count++] = passwd;
    if (group >= 0) descriptors[count++] = group;
    if (terminal >= 0) descriptors[count++] = terminal;

    union control control = {0};
    struct iovec part = {.iov_base = &report, .iov_len = sizeof report};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    if (count > 0) {
        message.msg_control = control.bytes;
        message.msg_controllen = CMSG_SPACE(count * sizeof(int));
        control.header.cmsg_level = SOL_SOCKET;
        control.header.cmsg_type = SCM_RIGHTS;
        control.header.cmsg_len = CMSG_LEN(count * sizeof(int));
        memcpy(CMSG_DATA(&control.header), descriptors, count * sizeof(int));
    }
    if (sendmsg(BERTH_SOCKET, &message, MSG_NOSIGNAL) < 0) berth_fail(BERTH_STEP_REPORT, NULL);
    if (passwd >= 0) close(passwd);
    if (group >= 0) close(group);
    if (terminal >= 0) close(terminal);
}

static void receive_identity(struct berth_identity *identity) {
    ssize_t length;
    do length = recv(BERTH_SOCKET, identity, sizeof *identity, 0);
    while (length < 0 && errno == EINTR);
    // The parent has given up, and has said so to its user.
    if (length != (ssize_t)sizeof *identity) _exit(125);
}

// A parent that died before PR_SET_PDEATHSIG leaves no signal, but its end of the socket is closed.
// getppid() can't tell: the parent is outside of the pid namespace, and always 0.
static void end_with_parent(void) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    char byte;
    if (recv(BERTH_SOCKET, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0) _exit(125);
}

// An account file is taken for missing unless it opens at once and beneath the root; the parent checks its kind.
static int open_account_file(const char *path) {
    return berth_open_beneath(
        AT_FDCWD, path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0x02 | 0x10);  // NO_MAGICLINKS | IN_ROOT
}

// The container's first process, from clone to exec.
_Noreturn static void child(const struct berth_plan *plan, int socket) {
    // First the descriptors: nothing of the host stays open that a later step or the program could reach
    // (a working folder /proc/self/fd/7, say), and berth_fail gets its socket.
    berth_arrange_descriptors(plan, socket);
    end_with_parent();
    umask(0);

    // The user namespace is the owner of all others: until ids are mapped, nothing may be mounted or named.
    berth_map_user(plan);
    berth_begin_session();
    berth_name_host(plan);
    berth_raise_loopback();

    // Before the first mount: on a host whose mounts are shared (systemd's default), ours would appear there.
    if (berth_mount(NULL, "/", NULL, 0x4000 | 0x40000, NULL) < 0)  // MS_REC | MS_PRIVATE
        berth_fail(BERTH_STEP_PROPAGATION, "/");
    int root = berth_mount_root(plan);
    // Before the pivot: the kernel lets a user namespace mount proc and sysfs only where it can see them already,
    // and the host's devices can be bound only while they are in reach.
    berth_mount_system_folders(plan, root);
    berth_write_files(plan, root);
    berth_pivot(root);
    // After the pivot: every path is the container's own from here on, and /proc and /sys are ours.
    berth_restrict_system_folders(plan);
    berth_connect_null(plan);

    int peer = -1;
    int terminal = plan->terminal ? berth_open_terminal(&peer) : -1;
    report_prepared(open_account_file("/etc/passwd"), open_account_file("/etc/group"), terminal);
    struct berth_identity identity;
    receive_identity(&identity);

    // While still the container's root, which may make folders anywhere in it.
    berth_enter_working_directory(plan);
    if (peer >= 0) berth_take_terminal(peer, identity.user);
    // The bounding set needs CAP_SETPCAP, which the change of user takes away.
    berth_limit_capabilities(plan);
    berth_become(plan, &identity);
    // A change of user clears the parent-death signal.
    end_with_parent();
    berth_execute_program(plan, &identity);
}

static pid_t clone_process(uint64_t flags, int *process_descriptor) {
    struct clone_args arguments = {
        .flags = flags | CLONE_PIDFD,
        .pidfd = (uint64_t)(uintptr_t)process_descriptor,
        .exit_signal = SIGCHLD,
    };
    pid_t process = (pid_t)syscall(SYS_clone3, &arguments, sizeof arguments);
    if (process >= 0 || errno != ENOSYS) return process;
    // Some seccomp profiles hide clone3.
    return (pid_t)syscall(SYS_clone, flags | CLONE_PIDFD | SIGCHLD, 0, process_descriptor, 0, 0);
}

int berth_start(const struct berth_plan *plan, struct berth_started *started) {
    int sockets[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets) < 0) return errno;

    uint64_t flags =
        CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWNET | CLONE_NEWCGROUP;
    if (plan->user_map != NULL) flags |= CLONE_NEWUSER;

    // No handler of the parent's may run in the child; the child unblocks what it gave default dispositions.
    sigset_t every;
    sigset_t previous;
    sigfillset(&every);
    pthread_sigmask(SIG_SETMASK, &every, &previous);
    int process_descriptor = -1;
    pid_t process = clone_process(flags, &process_descriptor);
    if (process == 0) {
        // Its own copy of the parent's end would hide the parent's death.
        close(sockets[0]);
        child(plan, sockets[1]);
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

static ssize_t receive(int socket, struct berth_report *report, union control *control) {
    struct iovec part = {.iov_base = report, .iov_len = sizeof *report};
    struct msghdr message = {
        .msg_iov = &part,
        .msg_iovlen = 1,
        .msg_control = control->bytes,
        .msg_controllen = sizeof control->bytes,
    };
    ssize_t length;
    do length = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    while (length < 0 && errno == EINTR);
    return length;
}

int berth_wait_prepared(int socket, struct berth_prepared *prepared, struct berth_failure *failure) {
    struct berth_report report;
    union control control = {0};
    if (receive(socket, &report, &control) != (ssize_t)sizeof report) return 2;
    if (report.kind == BERTH_REPORT_FAILED) {
        *failure = report.failure;
        return 1;
    }
    int *places[MAXIMUM_DESCRIPTORS] = {&prepared->passwd, &prepared->group, &prepared->terminal};
    const bool present[MAXIMUM_DESCRIPTORS] = {report.has_passwd, report.has_group, report.has_terminal};
    size_t count = (size_t)present[0] + (size_t)present[1] + (size_t)present[2];
    // Too few arrive where this process may open no more.
    if (count > 0 && control.header.cmsg_len != CMSG_LEN(count * sizeof(int))) return 2;
    const unsigned char *next = CMSG_DATA(&control.header);
    for (size_t index = 0; index < MAXIMUM_DESCRIPTORS; index++) {
        *places[index] = -1;
        if (!present[index]) continue;
        memcpy(places[index], next, sizeof(int));
        next += sizeof(int);
    }
    return 0;
}

int berth_execute(int socket, const struct berth_identity *identity, struct berth_failure *failure) {
    ssize_t sent;
    do sent = send(socket, identity, sizeof *identity, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    struct berth_report report;
    union control control = {0};
    if (receive(socket, &report, &control) != (ssize_t)sizeof report) return 0;
    *failure = report.failure;
    return 1;
}

int berth_open_process(pid_t process) {
    return (int)syscall(SYS_pidfd_open, process, 0);
}

int berth_signal(int process_descriptor, int signal) {
    return syscall(SYS_pidfd_send_signal, process_descriptor, signal, NULL, 0) < 0 ? errno : 0;
}

const char *berth_step_phrase(enum berth_step step) {
    switch (step) {
    case BERTH_STEP_CLONE: return "cannot make the container's namespaces";
    case BERTH_STEP_DESCRIPTORS: return "cannot pass the standard streams on";
    case BERTH_STEP_USER_MAP: return "cannot map the user into the container";
    case BERTH_STEP_SESSION: return "cannot begin a session";
    case BERTH_STEP_HOSTNAME: return "cannot set the host name";
    case BERTH_STEP_LOOPBACK: return "cannot raise the loopback interface";
    case BERTH_STEP_PROPAGATION: return "cannot make the mounts private";
    case BERTH_STEP_SCRATCH: return "cannot prepare the overlay";
    case BERTH_STEP_OVERLAY: return "cannot mount the image's layers";
    case BERTH_STEP_MOUNT: return "cannot mount";
    case BERTH_STEP_DEVICE: return "cannot make the device";
    case BERTH_STEP_FILE: return "cannot write";
    case BERTH_STEP_PIVOT: return "cannot make the image the root";
    case BERTH_STEP_MASK: return "cannot hide";
    case BERTH_STEP_TERMINAL: return "cannot open a terminal";
    case BERTH_STEP_REPORT: return "cannot report";
    case BERTH_STEP_WORKING_DIRECTORY: return "cannot enter the working folder";
    case BERTH_STEP_CAPABILITIES: return "cannot limit the capabilities";
    case BERTH_STEP_IDENTITY: return "cannot become the user";
    case BERTH_STEP_EXECUTE: return "cannot execute";
    }
    return "cannot start";
}

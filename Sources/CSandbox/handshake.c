#define _GNU_SOURCE
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>

_Noreturn void berth_fail(enum berth_step step, const char *subject) {
    struct berth_report report = {.kind = BERTH_REPORT_FAILED, .failure = {.step = step, .error = errno}};
    if (subject != NULL) strncpy(report.failure.subject, subject, sizeof report.failure.subject - 1);
    (void)send(BERTH_SOCKET, &report, sizeof report, MSG_NOSIGNAL);
    _exit(125);
}

static void send_report(struct berth_report *report, const int *descriptors, size_t count) {
    union berth_control control = {0};
    struct iovec part = {.iov_base = report, .iov_len = sizeof *report};
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
    for (size_t index = 0; index < count; index++) close(descriptors[index]);
}

// Tells the parent, who knows only the process that cloned this one, which one this is.
void berth_report_joined(void) {
    struct berth_report report = {.kind = BERTH_REPORT_JOINED};
    int process = (int)syscall(SYS_pidfd_open, getpid(), 0);
    berth_check(process, BERTH_STEP_JOIN, NULL);
    send_report(&report, &process, 1);
}

// An account file is taken for missing unless it opens at once and beneath the root; the parent checks its kind.
int berth_open_account_file(int root, const char *path) {
    uint64_t flags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
    return berth_open_beneath(root, path, flags, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS);
}

// Hands the parent what it needs to decide the identity: the image's account files and the terminal.
void berth_report_prepared(int terminal) {
    const int candidates[] = {
        berth_open_account_file(AT_FDCWD, "/etc/passwd"),
        berth_open_account_file(AT_FDCWD, "/etc/group"),
        terminal,
    };
    struct berth_report report = {
        .kind = BERTH_REPORT_PREPARED,
        .has_passwd = candidates[0] >= 0,
        .has_group = candidates[1] >= 0,
        .has_terminal = candidates[2] >= 0,
    };
    int descriptors[BERTH_MAXIMUM_DESCRIPTORS];
    size_t count = 0;
    for (size_t index = 0; index < BERTH_MAXIMUM_DESCRIPTORS; index++)
        if (candidates[index] >= 0) descriptors[count++] = candidates[index];
    send_report(&report, descriptors, count);
}

void berth_receive_identity(struct berth_identity *identity) {
    ssize_t length;
    do length = recv(BERTH_SOCKET, identity, sizeof *identity, 0);
    while (length < 0 && errno == EINTR);
    // The parent has given up, and has said so to its user.
    if (length != (ssize_t)sizeof *identity) _exit(125);
}

// A parent that died before PR_SET_PDEATHSIG leaves no signal, but its end of the socket is closed.
// getppid() can't tell: the parent is outside of the pid namespace, and always 0.
void berth_end_with_parent(void) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    char byte;
    if (recv(BERTH_SOCKET, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0) _exit(125);
}

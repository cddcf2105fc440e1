#define _GNU_SOURCE
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>

// MS_MOVE, MS_REC and MS_SLAVE.
enum { MOVE = 0x2000, RECURSIVE = 0x4000, SLAVE = 0x80000 };

// The root goes with the last process that sees it: neither the host nor the monitor does.
static void prepare_root(const struct berth_plan *container) {
    // What is mounted on the host later may be seen; nothing of ours goes there.
    if (berth_mount(NULL, "/", NULL, RECURSIVE | SLAVE, NULL) < 0) berth_fail(BERTH_STEP_PROPAGATION, "/");
    int root = berth_mount_root(container);
    // Over the scratch: a runtime that joins the container later wants to find a folder at the root's path.
    if (berth_mount("root", container->mount_point, NULL, MOVE, NULL) < 0) berth_fail(BERTH_STEP_OVERLAY, "root");
    // The account files are found from here.
    berth_check(fchdir(root), BERTH_STEP_OVERLAY, "root");
    close(root);
    berth_report_prepared(-1);
    struct berth_identity identity;
    // What is in it stands in the bundle by now.
    berth_receive_identity(&identity);
    berth_check(chdir("/"), BERTH_STEP_SCRATCH, "/");
}

// The runtime's process, from clone to exec.
static void child(const void *argument, int socket) {
    const struct berth_runtime_plan *plan = argument;
    const struct berth_program streams = {.input = plan->input, .output = plan->output, .error = plan->error};
    berth_arrange_descriptors(&streams, socket, -1);
    berth_connect_null(&streams);
    berth_end_with_parent();
    // What it gives the container where the bundle doesn't say.
    umask(022);
    berth_begin_session();
    if (plan->container != NULL) prepare_root(plan->container);
    berth_reset_dispositions();
    berth_unblock_signals();
    execve(plan->path, (char *const *)plan->arguments, (char *const *)plan->environment);
    berth_fail(BERTH_STEP_RUNTIME, plan->path);
}

int berth_start_runtime(const struct berth_runtime_plan *plan, struct berth_started *started) {
    return berth_begin(plan->container != NULL ? CLONE_NEWNS : 0, child, plan, started);
}

int berth_adopt_orphans(void) {
    return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0 ? errno : 0;
}

int berth_open_in_container(pid_t process, const char *path) {
    char place[32];
    snprintf(place, sizeof place, "/proc/%d/root", (int)process);
    int root = open(place, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (root < 0) return -1;
    int file = berth_open_account_file(root, path);
    int error = errno;
    close(root);
    errno = error;
    return file;
}

int berth_receive_descriptor(int socket) {
    union berth_control control = {0};
    // Which the descriptor is of; nobody needs it.
    char name[256];
    struct iovec part = {.iov_base = name, .iov_len = sizeof name};
    struct msghdr message = {
        .msg_iov = &part,
        .msg_iovlen = 1,
        .msg_control = control.bytes,
        .msg_controllen = sizeof control.bytes,
    };
    ssize_t length;
    do length = recvmsg(socket, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
    while (length < 0 && errno == EINTR);
    if (length < 0) return -1;
    const struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    errno = EPROTO;
    if (header == NULL || header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) return -1;
    int descriptors[BERTH_MAXIMUM_DESCRIPTORS];
    size_t count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    if (count < 1 || count > BERTH_MAXIMUM_DESCRIPTORS) return -1;
    memcpy(descriptors, CMSG_DATA(header), count * sizeof(int));
    for (size_t index = 1; index < count; index++) close(descriptors[index]);
    return descriptors[0];
}

#define _GNU_SOURCE
#include "child.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>

// A report, with what came with it.
struct received {
    struct berth_report report;
    // The sender's number, as this process knows it.
    pid_t sender;
    int descriptors[BERTH_MAXIMUM_DESCRIPTORS];
    size_t count;
};

static void take_control(struct received *received, struct msghdr *message) {
    for (struct cmsghdr *part = CMSG_FIRSTHDR(message); part != NULL; part = CMSG_NXTHDR(message, part)) {
        if (part->cmsg_level != SOL_SOCKET) continue;
        if (part->cmsg_type == SCM_CREDENTIALS) {
            struct ucred credentials;
            memcpy(&credentials, CMSG_DATA(part), sizeof credentials);
            received->sender = credentials.pid;
        } else if (part->cmsg_type == SCM_RIGHTS) {
            received->count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
            memcpy(received->descriptors, CMSG_DATA(part), received->count * sizeof(int));
        }
    }
}

static bool receive(int socket, struct received *received) {
    *received = (struct received){.sender = -1};
    union berth_control control = {0};
    struct iovec part = {.iov_base = &received->report, .iov_len = sizeof received->report};
    struct msghdr message = {
        .msg_iov = &part,
        .msg_iovlen = 1,
        .msg_control = control.bytes,
        .msg_controllen = sizeof control.bytes,
    };
    ssize_t length;
    do length = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    while (length < 0 && errno == EINTR);
    if (length < 0) return false;
    take_control(received, &message);
    return length == (ssize_t)sizeof received->report;
}

static void close_received(const struct received *received) {
    for (size_t index = 0; index < received->count; index++) close(received->descriptors[index]);
}

static void wait_for(idtype_t kind, id_t identifier) {
    siginfo_t information;
    while (waitid(kind, identifier, &information, WEXITED) < 0 && errno == EINTR) {}
}

int berth_wait_joined(struct berth_started *started, struct berth_failure *failure) {
    struct received received;
    pid_t before = started->process;
    bool is_whole = receive(started->socket, &received);
    // The one that went before ends in any case.
    wait_for(P_PIDFD, (id_t)started->process_descriptor);
    close(started->process_descriptor);
    if (is_whole && received.report.kind == BERTH_REPORT_JOINED && received.count == 1) {
        started->process = received.sender;
        started->process_descriptor = received.descriptors[0];
        return 0;
    }
    close(started->socket);
    close_received(&received);
    if (is_whole && received.report.kind == BERTH_REPORT_FAILED) {
        *failure = received.report.failure;
        if (received.sender > 0 && received.sender != before) wait_for(P_PID, (id_t)received.sender);
        return 1;
    }
    // Joined, but its descriptor did not arrive, where this process may open no more.
    if (is_whole && received.sender > 0) wait_for(P_PID, (id_t)received.sender);
    return 2;
}

int berth_wait_prepared(int socket, struct berth_prepared *prepared, struct berth_failure *failure) {
    struct received received;
    if (!receive(socket, &received)) return 2;
    const struct berth_report *report = &received.report;
    if (report->kind == BERTH_REPORT_FAILED) {
        *failure = report->failure;
        return 1;
    }
    int *places[BERTH_MAXIMUM_DESCRIPTORS] = {&prepared->passwd, &prepared->group, &prepared->terminal};
    const bool present[BERTH_MAXIMUM_DESCRIPTORS] = {report->has_passwd, report->has_group, report->has_terminal};
    // Too few arrive where this process may open no more.
    if (received.count != (size_t)present[0] + (size_t)present[1] + (size_t)present[2]) {
        close_received(&received);
        return 2;
    }
    size_t next = 0;
    for (size_t index = 0; index < BERTH_MAXIMUM_DESCRIPTORS; index++)
        *places[index] = present[index] ? received.descriptors[next++] : -1;
    return 0;
}

int berth_execute(int socket, const struct berth_identity *identity, struct berth_failure *failure) {
    ssize_t sent;
    do sent = send(socket, identity, sizeof *identity, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    struct received received;
    if (!receive(socket, &received)) return 0;
    *failure = received.report.failure;
    return 1;
}

int berth_open_process(pid_t process) {
    return (int)syscall(SYS_pidfd_open, process, 0);
}

int berth_signal(int process_descriptor, int signal) {
    return syscall(SYS_pidfd_send_signal, process_descriptor, signal, NULL, 0) < 0 ? errno : 0;
}

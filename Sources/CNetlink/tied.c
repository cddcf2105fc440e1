#define _GNU_SOURCE
#include "CNetlink.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

// In the child, which shares nothing with a parent that may have threads: system calls only.
_Noreturn static void become(
    const char *program, char *const *arguments, const int streams[3], int report, pid_t parent
) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(127);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    int away[3];
    for (int stream = 0; stream < 3; stream++) away[stream] = fcntl(streams[stream], F_DUPFD_CLOEXEC, 4);
    report = dup3(report, 3, O_CLOEXEC) < 0 ? report : 3;
    for (int stream = 0; stream < 3; stream++) dup2(away[stream], stream);
    syscall(SYS_close_range, 4, ~0U, 0);
    execve(program, arguments, environ);
    int error = errno;
    (void)!write(report, &error, sizeof error);
    _exit(127);
}

int berth_start_tied(const char *program, char *const *arguments, const int streams[3], pid_t *process) {
    int report[2];
    if (pipe2(report, O_CLOEXEC) < 0) return errno;
    pid_t parent = getpid();
    pid_t child = fork();
    if (child == 0) become(program, arguments, streams, report[1], parent);
    int error = child < 0 ? errno : 0;
    close(report[1]);
    if (child > 0) {
        // Nothing to read: its end was closed by the program's start.
        ssize_t count;
        do count = read(report[0], &error, sizeof error);
        while (count < 0 && errno == EINTR);
        if (count == (ssize_t)sizeof error) waitpid(child, NULL, 0);
        else error = 0;
    }
    close(report[0]);
    *process = child;
    return error;
}

#define _GNU_SOURCE
#include "child.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>

// Those that a process sends itself by a fault of its own, or that its terminal holds it up with.
static const int own_signals[] = {
    SIGFPE, SIGILL, SIGSEGV, SIGBUS, SIGABRT, SIGTRAP, SIGSYS, SIGTTIN, SIGTTOU,
};

static const char name[] = "berth-init";

// Buries whoever has ended, and ends as the program did, once it has.
static void bury(pid_t program) {
    int status;
    pid_t process;
    while ((process = (pid_t)syscall(SYS_wait4, -1, &status, WNOHANG, NULL)) > 0)
        if (process == program) _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

// Gives this copy of the monitor a name of its own, and forgets its arguments, which name a folder of the host's.
static void rename_process(void) {
    (void)prctl(PR_SET_NAME, name, 0, 0, 0);
    // glibc keeps where they are; they lie one behind the other.
    char *arguments = program_invocation_name;
    size_t length = strlen(arguments) + 1;
    length += strlen(arguments + length);
    memset(arguments, 0, length);
    strncpy(arguments, name, length);
}

// Passes every signal on to the program: a first process gets none that it doesn't ask for, so that a program in its
// place would have to know that it is one.
_Noreturn static void stand_before(pid_t program, bool has_user_namespace) {
    rename_process();
    // An ordinary user can have another process join it only then. The container's root, who can look into it then, is
    // as mighty, and finds a copy of the monitor's memory without the descriptors.
    if (has_user_namespace) (void)prctl(PR_SET_DUMPABLE, 1);
    // What holds a stream open keeps its reader waiting.
    for (int descriptor = 0; descriptor <= BERTH_SOCKET; descriptor++) close(descriptor);
    berth_reset_dispositions();
    sigset_t awaited;
    sigfillset(&awaited);
    for (size_t index = 0; index < sizeof own_signals / sizeof own_signals[0]; index++)
        sigdelset(&awaited, own_signals[index]);
    while (true) {
        bury(program);
        siginfo_t information;
        int signal = (int)syscall(SYS_rt_sigtimedwait, &awaited, &information, NULL, sizeof(uint64_t));
        if (signal > 0 && signal != SIGCHLD) (void)kill(program, signal);
    }
}

// Stays behind as the container's first process; what returns is a new one, to become the program.
void berth_leave_to_reaper(const struct berth_program *program) {
    pid_t process = berth_check((int)berth_clone(0, NULL), BERTH_STEP_CLONE, NULL);
    if (process > 0) stand_before(process, program->has_user_namespace);
    if (!program->terminal) return;
    // In a group of its own, and in the terminal's foreground: what is typed there reaches it once.
    (void)setpgid(0, 0);
    pid_t group = getpid();
    (void)ioctl(STDIN_FILENO, TIOCSPGRP, &group);
}

#define _GNU_SOURCE
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>

// Makes each folder on the way that is missing; what is in the way shows when it is entered.
static void make_directories(const char *path) {
    char prefix[PATH_MAX];
    size_t length = strlen(path);
    if (length >= sizeof prefix) return;
    memcpy(prefix, path, length + 1);
    for (size_t index = 1; index <= length; index++) {
        if (prefix[index] != '/' && prefix[index] != '\0') continue;
        prefix[index] = '\0';
        (void)mkdir(prefix, 0755);
        prefix[index] = path[index];
    }
}

void berth_enter_working_directory(const struct berth_program *program) {
    const char *path = program->working_directory;
    if (chdir(path) < 0) {
        if (errno != ENOENT || !program->makes_working_directory) berth_fail(BERTH_STEP_WORKING_DIRECTORY, path);
        make_directories(path);
        berth_check(chdir(path), BERTH_STEP_WORKING_DIRECTORY, path);
    }
    // The kernel says "(unreachable)" of a folder outside of the root. Not glibc's getcwd, which allocates then.
    char actual[PATH_MAX];
    if (syscall(SYS_getcwd, actual, sizeof actual) < 0 || actual[0] != '/') {
        errno = EXDEV;
        berth_fail(BERTH_STEP_WORKING_DIRECTORY, path);
    }
}

// By system call, because glibc keeps two signals to itself, which may be ignored all the same.
void berth_reset_dispositions(void) {
    // The kernel's struct sigaction, whatever its layout: the default action, no flags, no mask.
    const unsigned long action[8] = {0};
    for (int signal = 1; signal <= SIGRTMAX; signal++)
        (void)syscall(SYS_rt_sigaction, signal, action, NULL, sizeof(uint64_t));
}

void berth_unblock_signals(void) {
    sigset_t none;
    sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
}

// Tries the program's paths as a shell does: a file that may not be executed is passed over, but told of when
// there is no other.
_Noreturn void berth_execute_program(const struct berth_program *program, const struct berth_identity *identity) {
    umask(022);
    berth_reset_dispositions();
    berth_unblock_signals();
    if (program->home_index >= 0) program->environment[program->home_index] = identity->home;
    int error = ENOENT;
    for (const char *const *path = program->candidates; *path != NULL; path++) {
        execve(*path, (char *const *)program->arguments, (char *const *)program->environment);
        if (errno == EACCES) error = EACCES;
        if (errno == ENOENT || errno == ENOTDIR || errno == EACCES) continue;
        error = errno;
        break;
    }
    errno = error;
    berth_fail(BERTH_STEP_EXECUTE, program->arguments[0]);
}

#define _GNU_SOURCE
#include "CSandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { STACK = 64 << 10 };

// A mount of its own of a file, read-only; -1 with errno.
static int read_only_mount(const char *path) {
    int mount = (int)syscall(SYS_open_tree, AT_FDCWD, path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
    if (mount < 0) return -1;
    struct mount_attr attributes = {.attr_set = MOUNT_ATTR_RDONLY};
    if (syscall(SYS_mount_setattr, mount, "", AT_EMPTY_PATH, &attributes, sizeof attributes) == 0) return mount;
    int error = errno;
    close(mount);
    errno = error;
    return -1;
}

struct request {
    const char *path;
    int mount;
    int error;
};

static int mount_elsewhere(void *argument) {
    struct request *request = argument;
    request->mount = read_only_mount(request->path);
    request->error = errno;
    return 0;
}

// An ordinary user may mount in a user namespace of their own only: a process that shares this one's memory and
// descriptors goes there, and comes back with the mount.
static int read_only_mount_of_user(const char *path) {
    char *stack = malloc(STACK);
    if (stack == NULL) return -1;
    struct request request = {.path = path, .mount = -1, .error = EPERM};
    int flags = CLONE_VM | CLONE_VFORK | CLONE_FILES | CLONE_NEWUSER | CLONE_NEWNS;
    sigset_t every;
    sigset_t previous;
    sigfillset(&every);
    pthread_sigmask(SIG_SETMASK, &every, &previous);
    pid_t process = clone(mount_elsewhere, stack + STACK, flags | SIGCHLD, &request);
    int error = process < 0 ? errno : request.error;
    if (process > 0) while (waitpid(process, NULL, 0) < 0 && errno == EINTR) {}
    pthread_sigmask(SIG_SETMASK, &previous, NULL);
    free(stack);
    errno = error;
    return request.mount;
}

static int reopen(int file) {
    char path[32];
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    return open(path, O_RDONLY | O_CLOEXEC);
}

// A copy in memory that nobody can change any more: for kernels without mount_setattr, which are those before 5.12.
static int sealed_copy(const char *path) {
    int source = open(path, O_RDONLY | O_CLOEXEC);
    if (source < 0) return -1;
    int copy = (int)syscall(SYS_memfd_create, "berth-monitor", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    ssize_t count = copy < 0 ? -1 : 1;
    while (count > 0) count = sendfile(copy, source, NULL, 1 << 30);
    const int seals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
    bool is_sealed = count == 0 && fchmod(copy, 0500) == 0 && fcntl(copy, F_ADD_SEALS, seals) == 0;
    // A file that is open for writing can't be executed.
    int program = is_sealed ? reopen(copy) : -1;
    int error = errno;
    close(source);
    if (copy >= 0) close(copy);
    errno = error;
    return program;
}

int berth_open_sealed(const char *path) {
    int program = read_only_mount(path);
    if (program < 0 && errno == EPERM) program = read_only_mount_of_user(path);
    return program < 0 ? sealed_copy(path) : program;
}

bool berth_is_sealed(void) {
    struct statfs system;
    if (statfs("/proc/self/exe", &system) < 0) return false;
    if (system.f_flags & ST_RDONLY) return true;
    int program = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    if (program < 0) return false;
    int seals = fcntl(program, F_GET_SEALS);
    close(program);
    return seals >= 0 && (seals & F_SEAL_WRITE) != 0;
}

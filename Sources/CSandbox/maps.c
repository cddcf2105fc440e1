#define _GNU_SOURCE
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <sys/xattr.h>

bool berth_is_privileged_program(const char *path) {
    if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 0) return false;
    struct statvfs system;
    struct stat status;
    if (statvfs(path, &system) < 0 || (system.f_flag & ST_NOSUID) != 0 || stat(path, &status) < 0) return false;
    return ((status.st_mode & S_ISUID) != 0 && status.st_uid == 0) ||
        getxattr(path, "security.capability", NULL, 0) > 0;
}

// They are set-user-ID programs, and are told nothing of the caller's environment.
static int start_tool(const char **arguments, const char *number, pid_t *tool) {
    char *const environment[] = {NULL};
    arguments[1] = number;
    return berth_spawn_unhindered(tool, arguments[0], NULL, 0, (char *const *)arguments, environment);
}

static int wait_for_tool(pid_t tool) {
    int status;
    while (waitpid(tool, &status, 0) < 0)
        if (errno != EINTR) return errno;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : EPERM;
}

int berth_map_process(pid_t process, const struct berth_user_map *map) {
    char number[16];
    snprintf(number, sizeof number, "%d", (int)process);
    pid_t users;
    pid_t groups;
    // Both at once: each takes longer than all else of a start but the program itself.
    int error = start_tool(map->users, number, &users);
    if (error != 0) return error;
    int second = start_tool(map->groups, number, &groups);
    error = wait_for_tool(users);
    if (second == 0) second = wait_for_tool(groups);
    return error != 0 ? error : second;
}

// Stays outside, where the tools may map the other's ids, and waits until there is something to map.
_Noreturn static void map_from_outside(pid_t process, const struct berth_user_map *map, int ready) {
    char byte;
    ssize_t length;
    do length = read(ready, &byte, 1);
    while (length < 0 && errno == EINTR);
    _exit(length == 1 ? berth_map_process(process, map) : ECANCELED);
}

const char *berth_enter_mapped_namespaces(int namespaces, const struct berth_user_map *map) {
    int ready[2];
    if (pipe2(ready, O_CLOEXEC) < 0) return "make a pipe";
    pid_t process = getpid();
    pid_t helper = fork();
    if (helper == 0) {
        close(ready[1]);
        map_from_outside(process, map, ready[0]);
    }
    int error = helper < 0 ? errno : 0;
    const char *failed = error != 0 ? "start a process" : NULL;
    if (failed == NULL && unshare(CLONE_NEWUSER | namespaces) < 0) {
        error = errno;
        failed = "enter a user namespace";
    }
    if (failed == NULL && write(ready[1], "", 1) < 0) {
        error = errno;
        failed = "map its users";
    }
    close(ready[0]);
    close(ready[1]);
    int status = 0;
    while (helper > 0 && waitpid(helper, &status, 0) < 0 && errno == EINTR) {}
    if (failed == NULL && status != 0) {
        error = WIFEXITED(status) ? WEXITSTATUS(status) : EPERM;
        failed = "map its users by newuidmap and newgidmap";
    }
    errno = error;
    return failed;
}

int berth_map_started(const struct berth_started *started, const struct berth_user_map *map) {
    int error = berth_map_process(started->process, map);
    if (error != 0) return error;
    // It waits for this one.
    return send(started->socket, "", 1, MSG_NOSIGNAL) < 0 ? errno : 0;
}

void berth_wait_until_mapped(void) {
    char byte;
    ssize_t length;
    do length = recv(BERTH_SOCKET, &byte, 1, 0);
    while (length < 0 && errno == EINTR);
    // The parent has given up, and has said so to its user.
    if (length != 1) _exit(125);
}

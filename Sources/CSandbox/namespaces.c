#define _GNU_SOURCE
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/keyctl.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

static void write_setting(const char *path, const char *text) {
    int file = berth_check(open(path, O_WRONLY | O_CLOEXEC), BERTH_STEP_USER_MAP, path);
    if (write(file, text, strlen(text)) < 0) berth_fail(BERTH_STEP_USER_MAP, path);
    close(file);
}

void berth_map_user(const struct berth_plan *plan) {
    if (!plan->has_user_namespace) return;
    if (plan->is_mapped_from_outside) return berth_wait_until_mapped();
    // The kernel takes an ordinary user's gid_map only once setgroups is denied: else a process could leave
    // a group that keeps it out of a file.
    write_setting("/proc/self/setgroups", "deny");
    write_setting("/proc/self/uid_map", plan->user_map);
    write_setting("/proc/self/gid_map", plan->group_map);
}

void berth_begin_session(void) {
    // Away from the caller's controlling terminal, and from its process group's signals.
    berth_check(setsid(), BERTH_STEP_SESSION, NULL);
    // A session keyring of its own: the caller's may hold secrets. A kernel may be built without keyrings.
    (void)syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL);
}

void berth_name_host(const struct berth_plan *plan) {
    if (plan->hostname == NULL) return;
    berth_check(sethostname(plan->hostname, strlen(plan->hostname)), BERTH_STEP_HOSTNAME, plan->hostname);
}

// A new network namespace has an `lo`, which is down.
void berth_raise_loopback(void) {
    int socket_ = berth_check(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), BERTH_STEP_LOOPBACK, NULL);
    struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
    berth_check(ioctl(socket_, SIOCSIFFLAGS, &request), BERTH_STEP_LOOPBACK, NULL);
    close(socket_);
}

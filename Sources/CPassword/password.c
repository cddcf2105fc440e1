#define _GNU_SOURCE
#include "password.h"

#include <crypt.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

int berth_password_hash(const char *password, const char *setting, char *hash, size_t size) {
    // Some 32 KiB: too much for a thread's stack that others share.
    struct crypt_data *data = calloc(1, sizeof *data);
    if (data == NULL) return ENOMEM;
    int result = EINVAL;
    const char *text = crypt_r(password, setting, data);
    // What begins with a star is crypt's word for a failure.
    if (text != NULL && text[0] != '*') {
        size_t length = strlen(text);
        if (length < size) {
            memcpy(hash, text, length + 1);
            result = 0;
        } else {
            result = ERANGE;
        }
    }
    explicit_bzero(data, sizeof *data);
    free(data);
    return result;
}

int berth_password_setting_is_known(const char *setting) {
    int answer = crypt_checksalt(setting);
    return answer == CRYPT_SALT_OK || answer == CRYPT_SALT_METHOD_LEGACY || answer == CRYPT_SALT_TOO_CHEAP;
}

// As the kernel's first version of sched_setattr(2) has it; glibc declares it only since 2.41.
struct scheduling {
    uint32_t size;
    uint32_t policy;
    uint64_t flags;
    int32_t niceness;
    uint32_t priority;
    uint64_t runtime;
    uint64_t deadline;
    uint64_t period;
};

void berth_password_thread_yields(int niceness) {
    struct scheduling wanted = {
        .size = sizeof wanted,
        .niceness = niceness,
        // The longest that there is, in nanoseconds.
        .runtime = 100000000,
    };
    if (syscall(SYS_sched_setattr, 0, &wanted, 0) == 0) return;
    setpriority(PRIO_PROCESS, 0, niceness);
}

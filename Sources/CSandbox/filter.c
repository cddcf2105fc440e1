#define _GNU_SOURCE
#include "child.h"

#include <linux/filter.h>
#include <linux/seccomp.h>

void berth_install_filter(const struct berth_program *program) {
    if (program->filter == NULL) return;
    const struct sock_fprog filter = {
        .len = (unsigned short)program->filter_length,
        .filter = (struct sock_filter *)program->filter,
    };
    int result = (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter);
    berth_check(result, BERTH_STEP_FILTER, NULL);
}

#define _GNU_SOURCE
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

// Early, since it is the host's /proc that says it, and where this process is dumpable still.
void berth_set_out_of_memory_score(const struct berth_program *program) {
    const char *score = program->out_of_memory_score;
    if (score == NULL) return;
    int file = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    berth_check(file, BERTH_STEP_LIMIT, "oom_score_adj");
    if (write(file, score, strlen(score)) < 0) berth_fail(BERTH_STEP_LIMIT, "oom_score_adj");
    close(file);
}

static void set_limits(const struct berth_program *program) {
    for (size_t index = 0; index < program->limit_count; index++) {
        const struct berth_limit *limit = &program->limits[index];
        const struct rlimit64 value = {.rlim_cur = limit->soft, .rlim_max = limit->hard};
        long result = syscall(SYS_prlimit64, 0, limit->resource, &value, NULL);
        berth_check((int)result, BERTH_STEP_LIMIT, limit->name);
    }
}

// Gives away all that the program isn't to have, and becomes it.
_Noreturn void berth_run_program(const struct berth_program *program, const struct berth_identity *identity) {
    // Hard limits may be raised by the host's root only.
    set_limits(program);
    // Without no_new_privs a filter takes CAP_SYS_ADMIN, which goes next. With it, last: fewer calls are left that the
    // filter must let through.
    if (!program->no_new_privileges) berth_install_filter(program);
    berth_become(program, identity);
    // A change of user clears the parent-death signal.
    berth_end_with_parent();
    if (program->no_new_privileges) {
        berth_check(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), BERTH_STEP_FILTER, NULL);
        berth_install_filter(program);
    }
    if (program->has_reaper) berth_leave_to_reaper(program);
    berth_execute_program(program, identity);
}

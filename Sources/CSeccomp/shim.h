#pragma once

#include <errno.h>
#include <seccomp.h>
#include <sys/syscall.h>
#include <unistd.h>

// What the C macros of <seccomp.h> say, which Swift can't see.
static const int berth_seccomp_unknown_call = __NR_SCMP_ERROR;

// A file in memory, closed on exec; -1 with errno.
static inline int berth_seccomp_memory_file(void) {
    return (int)syscall(SYS_memfd_create, "seccomp", 1U);
}

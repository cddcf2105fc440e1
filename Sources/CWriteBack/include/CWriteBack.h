#ifndef CWRITEBACK_H
#define CWRITEBACK_H

#include <stdint.h>

/// sync_file_range(2), which Swift's Glibc module leaves out. Neither makes anything durable; see its man page's
/// warnings.

/// Has the kernel begin to write `length` bytes of `descriptor` from `offset` on to the disk. Returns 0, or -1 and
/// errno.
int write_back_begin(int descriptor, int64_t offset, int64_t length);

/// Returns when the kernel has written `length` bytes of `descriptor` from `offset` on: 0, or -1 and errno.
int write_back_finish(int descriptor, int64_t offset, int64_t length);

#endif

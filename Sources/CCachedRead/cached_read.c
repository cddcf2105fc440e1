#define _GNU_SOURCE
#include "CCachedRead.h"

#include <sys/uio.h>

// preadv2(2) and its flags are hidden from Swift's view of the C library.
ptrdiff_t cached_read(int descriptor, void *memory, size_t length, int64_t offset) {
    struct iovec part = {.iov_base = memory, .iov_len = length};
    return preadv2(descriptor, &part, 1, offset, RWF_NOWAIT);
}

#ifndef CCACHEDREAD_H
#define CCACHEDREAD_H

#include <stddef.h>
#include <stdint.h>

/// Reads from `offset` on what the kernel holds in memory, `length` bytes at most, without waiting for the disk.
///
/// Returns how many bytes were read, 0 at the file's end; -1 where it would have to wait or can't promise not to.
ptrdiff_t cached_read(int descriptor, void *memory, size_t length, int64_t offset);

#endif

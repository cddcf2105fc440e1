#pragma once

#include <stddef.h>

/// Hashes `password` by the method and salt of `setting` (crypt(5)), as crypt_r(3) does, and writes the hash with its
/// terminator to `hash`. Nothing of the password stays in memory.
///
/// Returns 0, or an errno: EINVAL for a setting that isn't one, ERANGE for a hash that has no room.
int berth_password_hash(const char *password, const char *setting, char *hash, size_t size);

/// 1 when crypt_r(3) can hash by the method of `setting`, however old that method is; else 0.
int berth_password_setting_is_known(const char *setting);

/// Has the calling thread, and no other, give way to those of the process that serve: it gets less of a core that both want
/// (sched(7)), and leaves it at once to one that wakes. For the latter it asks for long slices, since the kernel lets who
/// asks for shorter ones go first (Linux 6.12; older ones let the thread end the slice that it has).
void berth_password_thread_yields(int niceness);

#pragma once

#include <stddef.h>

/// Hashes `password` by the method and salt of `setting` (crypt(5)), as crypt_r(3) does, and writes the hash with its
/// terminator to `hash`. Nothing of the password stays in memory.
///
/// Returns 0, or an errno: EINVAL for a setting that isn't one, ERANGE for a hash that has no room.
int berth_password_hash(const char *password, const char *setting, char *hash, size_t size);

/// 1 when crypt_r(3) can hash by the method of `setting`, however old that method is; else 0.
int berth_password_setting_is_known(const char *setting);

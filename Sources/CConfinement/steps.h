#pragma once

#include "CSandbox.h"

#include <stdbool.h>

// Steps on the way into a cage: each returns NULL, or the name of what failed, with its reason in `errno`.

// Enters namespaces of the process's own; as an ordinary user, behind a user namespace in which the caller is root, and
// others are there as `map` says.
const char *berth_enter_namespaces(bool privileged, const struct berth_user_map *map);

// Makes the folder `root` the process's whole file system.
const char *berth_change_root(const char *root, bool privileged);

// Makes the working folder, which is a mount's root, the process's whole file system.
const char *berth_pivot_here(void);

#pragma once

#include <stdbool.h>
#include <sys/types.h>

// How users and groups of a user namespace are mapped by those who may map more than one's own: newuidmap and newgidmap.
struct berth_user_map {
    // The tools' command lines, ended by null; the second element of each is a place for the process's number.
    const char **users;
    const char **groups;
};

// Whether the program at `path` gets privileges that this process, which starts it, hasn't.
bool berth_is_privileged_program(const char *path);

// Maps the users and groups of the user namespace that `process` has made. What the tools have to complain of goes to
// the standard error. Returns 0, or an errno: EPERM where a tool refused.
int berth_map_process(pid_t process, const struct berth_user_map *map);

// Enters a user namespace of its own, and the other `namespaces`, with users and groups mapped by `map`. This process
// must have one thread. Returns NULL, or the name of what failed, with its reason in `errno`.
const char *berth_enter_mapped_namespaces(int namespaces, const struct berth_user_map *map);

// Removes the folder `path` and all beneath it, following no link. Returns 0, or an errno.
int berth_remove_tree(const char *path);

// The same by the root of a user namespace with these users and groups, for what belongs to any of those.
int berth_remove_mapped_tree(const char *path, const struct berth_user_map *map);

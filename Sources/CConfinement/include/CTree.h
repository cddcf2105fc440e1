#pragma once

#include "CSandbox.h"

#include <stdbool.h>
#include <stddef.h>

/// What a process sees as its whole file system.
enum berth_tree_kind {
    /// The folder `upper`.
    BERTH_TREE_FOLDER,
    /// The layers and the writable layer as one, with `mounts` in it.
    BERTH_TREE_MERGED,
    /// `/upper`, and `/layers/0`, `/layers/1`, … each by itself, the highest first; nothing can be written.
    BERTH_TREE_PARTS,
    /// All that the container's process `process` sees.
    BERTH_TREE_RUNNING,
    /// The root of what the container's process `process` sees, without what is mounted in it.
    BERTH_TREE_RUNNING_ROOT,
};

struct berth_tree_mount {
    const char *source;
    /// In the tree; passed over where it is missing, as is a missing source.
    const char *target;
    bool read_only;
};

struct berth_tree {
    enum berth_tree_kind kind;
    /// The highest first.
    const char *const *layers;
    size_t layer_count;
    /// The writable layer; NULL for none.
    const char *upper;
    /// overlayfs's own folder beside the writable layer; NULL for a tree that can't be written.
    const char *work;
    /// Whether only what is in `mounts` can be written.
    bool read_only_root;
    const struct berth_tree_mount *mounts;
    size_t mount_count;
    /// A descriptor of the container's process.
    int process;
    /// Whether the caller is the host's root; else a user namespace is entered.
    bool privileged;
    /// Who else is in that user namespace; NULL for nobody.
    const struct berth_user_map *map;
};

/// Makes `tree` the calling process's whole file system, for good. The process must have one thread.
///
/// Descriptors below 4 stay open, all others are closed. `berth_restrict` is to follow.
/// Returns NULL, or the name of the step that failed, with its reason in `errno`: then the process must exit.
const char *berth_enter_tree(const struct berth_tree *tree);

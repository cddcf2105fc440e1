#define _GNU_SOURCE
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/vfs.h>

// Where links lead, they lead within the root.
static const uint64_t inside = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;

// Makes one more folder or file. What has come to be there in the meantime shows when it is opened.
static int make(int directory, const char *name, mode_t kind) {
    int result = kind == S_IFDIR ? mkdirat(directory, name, 0755) : mknodat(directory, name, S_IFREG | 0644, 0);
    return result < 0 && errno != EEXIST ? -1 : 0;
}

// The folder that `path` is in, made where it is missing, and in `name` the last part of the path.
static int open_parent(int root, const char *path, const char **name) {
    char prefix[PATH_MAX];
    size_t length = strlen(path);
    if (length >= sizeof prefix) {
        errno = ENAMETOOLONG;
        return -1;
    }
    const int flags = O_PATH | O_DIRECTORY | O_CLOEXEC;
    int folder = berth_open_beneath(root, "/", flags, inside);
    size_t start = 0;
    while (folder >= 0) {
        while (path[start] == '/') start++;
        size_t end = start;
        while (end < length && path[end] != '/') end++;
        size_t next = end;
        while (path[next] == '/') next++;
        *name = path + start;
        if (next == length) return folder;
        memcpy(prefix, path, end);
        prefix[end] = '\0';
        // By the whole path, not from the folder on: a link with ".." in it would otherwise lead elsewhere.
        int deeper = berth_open_beneath(root, prefix, flags, inside);
        if (deeper < 0 && errno == ENOENT && make(folder, prefix + start, S_IFDIR) == 0)
            deeper = berth_open_beneath(root, prefix, flags, inside);
        int error = errno;
        close(folder);
        errno = error;
        folder = deeper;
        start = next;
    }
    return -1;
}

// Whether something may be mounted at `place`. A file of /proc that says what isn't so would make root's checks of it
// worthless, as would another root.
static bool is_allowed(int root, int place) {
    struct statfs system;
    struct stat status;
    struct stat root_status;
    if (fstatfs(place, &system) < 0 || fstat(place, &status) < 0 || fstat(root, &root_status) < 0) return false;
    errno = EPERM;
    if (system.f_type == PROC_SUPER_MAGIC) return false;
    return status.st_dev != root_status.st_dev || status.st_ino != root_status.st_ino;
}

// Opens the place in the container at which something of this kind, S_IFDIR or S_IFREG, is to be mounted, and makes it
// where it is missing. Returns a descriptor, or -1 with errno.
int berth_make_place(int root, const char *path, mode_t kind, bool covers_link) {
    const char *name;
    int folder = open_parent(root, path, &name);
    if (folder < 0) return -1;
    // A trailing slash is no part of a file's name.
    char last[NAME_MAX + 1];
    size_t length = strcspn(name, "/");
    if (length > NAME_MAX) {
        close(folder);
        errno = ENAMETOOLONG;
        return -1;
    }
    memcpy(last, name, length);
    last[length] = '\0';
    int place = -1;
    for (int attempt = 0; attempt < 2 && place < 0; attempt++) {
        place = covers_link ? openat(folder, last, O_PATH | O_NOFOLLOW | O_CLOEXEC)
                            : berth_open_beneath(root, path, O_PATH | O_CLOEXEC, inside);
        if (place >= 0 || errno != ENOENT || make(folder, last, kind) < 0) break;
    }
    int error = errno;
    close(folder);
    errno = error;
    if (place < 0 || is_allowed(root, place)) return place;
    error = errno;
    close(place);
    errno = error;
    return -1;
}

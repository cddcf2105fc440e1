#define _GNU_SOURCE
#include "child.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/xattr.h>

// Copies a folder of the image's into a volume. Both may be hostile: every name is opened in its own folder, and no
// link is followed.

// Each level holds two descriptors open.
enum { MAXIMUM_DEPTH = 200, NAMES = 8192, VALUE = 65536 };

struct entry {
    uint64_t inode;
    int64_t offset;
    unsigned short length;
    unsigned char kind;
    char name[];
};

static bool is_self_or_parent(const char *name) {
    return name[0] == '.' && (name[1] == '\0' || (name[1] == '.' && name[2] == '\0'));
}

// What doesn't fit the volume's file system is left out: only the content must arrive.
static void copy_attributes(int target, int source, const struct stat *status) {
    (void)!fchown(target, status->st_uid, status->st_gid);
    (void)fchmod(target, status->st_mode & 07777);
    static const char *const names[] = {
        "security.capability", "system.posix_acl_access", "system.posix_acl_default"};
    static char value[VALUE];
    for (size_t index = 0; index < sizeof names / sizeof names[0]; index++) {
        ssize_t length = fgetxattr(source, names[index], value, sizeof value);
        if (length >= 0) (void)fsetxattr(target, names[index], value, (size_t)length, 0);
    }
    const struct timespec times[2] = {status->st_atim, status->st_mtim};
    (void)futimens(target, times);
}

static int copy_file(int target, int source, const char *name, const struct stat *status) {
    int input = openat(source, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (input < 0) return -1;
    int output = openat(target, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    ssize_t count = output < 0 ? -1 : 1;
    while (count > 0) count = sendfile(output, input, NULL, 1 << 30);
    if (count == 0) copy_attributes(output, input, status);
    int error = errno;
    if (output >= 0) close(output);
    close(input);
    errno = error;
    return (int)count;
}

static int copy_link(int target, int source, const char *name, const struct stat *status) {
    char text[PATH_MAX];
    ssize_t length = readlinkat(source, name, text, sizeof text - 1);
    if (length < 0) return -1;
    text[length] = '\0';
    if (symlinkat(text, target, name) < 0) return -1;
    (void)fchownat(target, name, status->st_uid, status->st_gid, AT_SYMLINK_NOFOLLOW);
    return 0;
}

static int copy_content(int target, int source, int depth);

static int copy_folder(int target, int source, const char *name, int depth) {
    const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
    int input = openat(source, name, flags);
    if (input < 0) return -1;
    int output = mkdirat(target, name, 0700) < 0 ? -1 : openat(target, name, flags);
    int result = output < 0 ? -1 : copy_content(output, input, depth + 1);
    int error = errno;
    if (output >= 0) close(output);
    close(input);
    errno = error;
    return result;
}

static int copy_entry(int target, int source, const char *name, int depth) {
    struct stat status;
    if (fstatat(source, name, &status, AT_SYMLINK_NOFOLLOW) < 0) return -1;
    switch (status.st_mode & S_IFMT) {
    case S_IFDIR: return copy_folder(target, source, name, depth);
    case S_IFREG: return copy_file(target, source, name, &status);
    case S_IFLNK: return copy_link(target, source, name, &status);
    case S_IFIFO: return mkfifoat(target, name, status.st_mode & 07777);
    // A device's node would be one on the host.
    default: return 0;
    }
}

// Copies what is in a folder, and then what the folder itself is like, whose time would change meanwhile.
static int copy_content(int target, int source, int depth) {
    if (depth > MAXIMUM_DEPTH) {
        errno = ELOOP;
        return -1;
    }
    char names[NAMES];
    long length;
    while ((length = syscall(SYS_getdents64, source, names, sizeof names)) > 0) {
        for (long offset = 0; offset < length;) {
            const struct entry *entry = (const struct entry *)(names + offset);
            offset += entry->length;
            if (is_self_or_parent(entry->name)) continue;
            if (copy_entry(target, source, entry->name, depth) < 0) return -1;
        }
    }
    struct stat status;
    if (length < 0 || fstat(source, &status) < 0) return -1;
    copy_attributes(target, source, &status);
    return 0;
}

static bool is_empty(int folder) {
    char names[NAMES];
    long length = syscall(SYS_getdents64, folder, names, sizeof names);
    if (length < 0) return false;
    for (long offset = 0; offset < length;) {
        const struct entry *entry = (const struct entry *)(names + offset);
        if (!is_self_or_parent(entry->name)) return false;
        offset += entry->length;
    }
    return true;
}

// Fills an empty folder; one that has something in it stays as it is. Returns 0, or -1 with errno.
int berth_fill_folder(int target, int source) {
    return is_empty(target) ? copy_content(target, source, 0) : 0;
}

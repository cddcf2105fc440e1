#define _GNU_SOURCE
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>

// System calls only, and little memory: it also runs in a clone of a process with threads, and what it removes may be of
// any size and depth. A container may leave folders nested deeper than any path or stack is long: each that isn't empty
// is moved up to the top before it is emptied itself.

struct entry {
    uint64_t inode;
    int64_t offset;
    unsigned short length;
    unsigned char type;
    char name[];
};

enum { BATCH = 16 << 10, NAME = 32 };

struct removal {
    int top;
    uint64_t moved;
};

static bool is_name(const char *name) {
    return strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
}

// Neither snprintf nor a name that is there already.
static void name_moved(struct removal *removal, char *name) {
    static const char prefix[] = ".moved-";
    memcpy(name, prefix, sizeof prefix);
    char *end = name + sizeof prefix - 1;
    uint64_t number = removal->moved++;
    do {
        *end++ = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    *end = '\0';
}

// Removes a file or an empty folder: 0. 1 for a folder that isn't empty; -1 with errno.
static int remove_at_once(int folder, const char *name) {
    if (unlinkat(folder, name, 0) == 0 || errno == ENOENT) return 0;
    if (errno != EISDIR) return -1;
    if (unlinkat(folder, name, AT_REMOVEDIR) == 0) return 0;
    if (errno != ENOTEMPTY && errno != EEXIST) return -1;
    // Its owner may have locked himself out; and a folder that is moved must be writable.
    return fchmodat(folder, name, 0700, 0) == 0 ? 1 : -1;
}

static int move_up(struct removal *removal, int folder, const char *name) {
    char moved[NAME];
    int result;
    do {
        name_moved(removal, moved);
        result = (int)syscall(SYS_renameat2, folder, name, removal->top, moved, 1);  // RENAME_NOREPLACE
    } while (result < 0 && errno == EEXIST);
    return result;
}

static int empty(struct removal *removal, const char *name);

// Removes all that is in a folder; what isn't empty in it is moved up, or where it is the top itself, emptied.
static int remove_content(struct removal *removal, int folder) {
    _Alignas(struct entry) char batch[BATCH];
    for (;;) {
        if (lseek(folder, 0, SEEK_SET) < 0) return -1;
        bool has_any = false;
        long length;
        while ((length = syscall(SYS_getdents64, folder, batch, sizeof batch)) > 0) {
            for (long place = 0; place < length;) {
                const struct entry *entry = (const struct entry *)(batch + place);
                place += entry->length;
                if (!is_name(entry->name)) continue;
                has_any = true;
                int result = remove_at_once(folder, entry->name);
                if (result == 1) result = folder == removal->top ? empty(removal, entry->name)
                                                                 : move_up(removal, folder, entry->name);
                if (result < 0) return -1;
            }
        }
        if (length < 0) return -1;
        if (!has_any) return 0;
    }
}

// Of the top.
static int empty(struct removal *removal, const char *name) {
    int folder = openat(removal->top, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder < 0) return -1;
    int result = remove_content(removal, folder);
    if (result == 0) result = unlinkat(removal->top, name, AT_REMOVEDIR);
    int error = errno;
    close(folder);
    errno = error;
    return result;
}

int berth_remove_tree(const char *path) {
    struct removal removal = {.top = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)};
    if (removal.top < 0 && errno == EACCES && chmod(path, 0700) == 0)
        removal.top = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (removal.top < 0) return errno;
    int error = remove_content(&removal, removal.top) < 0 ? errno : 0;
    close(removal.top);
    if (error != 0) return error;
    return rmdir(path) < 0 && errno != ENOENT ? errno : 0;
}

// Whatever its outcome, the end of the process tells: an errno fits.
static void remove_in_namespace(const void *path, int socket) {
    char byte;
    ssize_t length;
    do length = recv(socket, &byte, 1, 0);
    while (length < 0 && errno == EINTR);
    _exit(length == 1 ? berth_remove_tree(path) : ECANCELED);
}

int berth_remove_mapped_tree(const char *path, const struct berth_user_map *map) {
    struct berth_started started;
    int error = berth_begin(CLONE_NEWUSER, remove_in_namespace, path, &started);
    if (error != 0) return error;
    error = berth_map_started(&started, map);
    // Without a word it ends.
    close(started.socket);
    siginfo_t end;
    while (waitid(P_PIDFD, (id_t)started.process_descriptor, &end, WEXITED) < 0)
        if (errno != EINTR) {
            close(started.process_descriptor);
            return errno;
        }
    close(started.process_descriptor);
    if (error != 0) return error;
    return end.si_code == CLD_EXITED ? end.si_status : EINTR;
}

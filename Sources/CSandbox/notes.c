#include "CSandbox.h"

#include <sys/xattr.h>

int berth_set_note(const char *path, const char *name, const void *value, size_t size) {
    return setxattr(path, name, value, size, 0);
}

ssize_t berth_read_note(const char *path, const char *name, void *value, size_t room) {
    return getxattr(path, name, value, room);
}

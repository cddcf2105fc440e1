#define _GNU_SOURCE
#include "CSandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

static const char *const folders[] = {"base", "base/dev", "base/etc", "base/proc", "base/sys"};
static const char *const files[] = {"base/etc/hostname", "base/etc/hosts", "base/etc/resolv.conf"};

int berth_make_base_layer(void) {
    const size_t folder_count = sizeof folders / sizeof folders[0];
    // The same each time: what is exported of a container doesn't depend on when it was started.
    const struct timespec times[2] = {{0}, {0}};
    for (size_t index = 0; index < folder_count; index++)
        if (mkdir(folders[index], 0755) < 0) return -1;
    for (size_t index = 0; index < sizeof files / sizeof files[0]; index++) {
        if (mknod(files[index], S_IFREG | 0644, 0) < 0) return -1;
        if (utimensat(AT_FDCWD, files[index], times, 0) < 0) return -1;
    }
    for (size_t index = folder_count; index-- > 0;)
        if (utimensat(AT_FDCWD, folders[index], times, 0) < 0) return -1;
    return 0;
}

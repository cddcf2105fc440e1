#define _GNU_SOURCE
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>

// Out of the way of 0 to 3, which are being filled.
static int move_away(int descriptor) {
    return fcntl(descriptor, F_DUPFD, BERTH_SOCKET + 1);
}

// Puts the socket and the standard streams where they belong, and closes all else.
void berth_arrange_descriptors(const struct berth_plan *plan, int socket) {
    socket = move_away(socket);
    int streams[3] = {plan->input, plan->output, plan->error};
    for (int stream = 0; stream < 3; stream++) {
        if (streams[stream] < 0 || plan->terminal) continue;
        streams[stream] = move_away(streams[stream]);
    }
    if (dup3(socket, BERTH_SOCKET, O_CLOEXEC) < 0) _exit(125);
    // A number left empty would be taken by the next file that is opened: it is held until the container's
    // /dev/null or terminal replaces it. A stream that the caller itself has closed becomes /dev/null, too.
    int placeholder = berth_check(open("/", O_PATH), BERTH_STEP_DESCRIPTORS, NULL);
    for (int stream = 0; stream < 3; stream++) {
        int source = streams[stream] < 0 || plan->terminal ? placeholder : streams[stream];
        berth_check(dup2(source, stream), BERTH_STEP_DESCRIPTORS, NULL);
    }
    berth_check((int)syscall(SYS_close_range, BERTH_SOCKET + 1, ~0U, 0), BERTH_STEP_DESCRIPTORS, NULL);
}

// Replaces the placeholders by the container's /dev/null. The host's would be the host's inode in the hands of
// the container's root, who could change its mode.
void berth_connect_null(const struct berth_plan *plan) {
    if (plan->terminal) return;
    for (int stream = 0; stream < 3; stream++) {
        int flags = fcntl(stream, F_GETFL);
        if (flags < 0 || (flags & O_PATH) == 0) continue;
        int null = berth_check(open("/dev/null", O_RDWR | O_CLOEXEC), BERTH_STEP_DESCRIPTORS, "/dev/null");
        berth_check(dup2(null, stream), BERTH_STEP_DESCRIPTORS, "/dev/null");
        close(null);
    }
}

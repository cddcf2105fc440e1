#define _GNU_SOURCE
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>

// Out of the way of the numbers that are being filled.
static int move_away(int descriptor) {
    return fcntl(descriptor, F_DUPFD, BERTH_GROUPS + BERTH_MAXIMUM_CGROUPS);
}

// Puts the socket and the standard streams where they belong, and closes all else but `kept`, which moves to the number
// behind the socket's (-1 for none), and the files of the program's control groups, which come behind that.
void berth_arrange_descriptors(const struct berth_program *program, int socket, int kept) {
    socket = move_away(socket);
    if (kept >= 0) kept = move_away(kept);
    int streams[3] = {program->input, program->output, program->error};
    for (int stream = 0; stream < 3; stream++) {
        if (streams[stream] < 0 || program->terminal) continue;
        streams[stream] = move_away(streams[stream]);
    }
    int groups[BERTH_MAXIMUM_CGROUPS];
    for (size_t index = 0; index < program->group_count; index++) groups[index] = move_away(program->groups[index]);
    if (dup3(socket, BERTH_SOCKET, O_CLOEXEC) < 0) _exit(125);
    unsigned int first_to_close = BERTH_SOCKET + 1;
    if (kept >= 0) {
        berth_check(dup3(kept, BERTH_KEPT, O_CLOEXEC), BERTH_STEP_DESCRIPTORS, NULL);
        first_to_close = BERTH_KEPT + 1;
    }
    for (size_t index = 0; index < program->group_count; index++) {
        int place = BERTH_GROUPS + (int)index;
        berth_check(dup3(groups[index], place, O_CLOEXEC), BERTH_STEP_DESCRIPTORS, NULL);
    }
    if (program->group_count > 0) first_to_close = BERTH_GROUPS + (unsigned int)program->group_count;
    // A number left empty would be taken by the next file that is opened: it is held until the container's
    // /dev/null or terminal replaces it. A stream that the caller itself has closed becomes /dev/null, too.
    int placeholder = berth_check(open("/", O_PATH), BERTH_STEP_DESCRIPTORS, NULL);
    for (int stream = 0; stream < 3; stream++) {
        int source = streams[stream] < 0 || program->terminal ? placeholder : streams[stream];
        berth_check(dup2(source, stream), BERTH_STEP_DESCRIPTORS, NULL);
    }
    // What nothing was kept at has the caller's or the placeholder, which is the host's root.
    if (kept < 0) close(BERTH_KEPT);
    berth_check((int)syscall(SYS_close_range, first_to_close, ~0U, 0), BERTH_STEP_DESCRIPTORS, NULL);
}

// Replaces the placeholders by the container's /dev/null. The host's would be the host's inode in the hands of
// the container's root, who could change its mode.
void berth_connect_null(const struct berth_program *program) {
    if (program->terminal) return;
    for (int stream = 0; stream < 3; stream++) {
        int flags = fcntl(stream, F_GETFL);
        if (flags < 0 || (flags & O_PATH) == 0) continue;
        int null = berth_check(berth_open_device("/dev/null", 1, 3), BERTH_STEP_DESCRIPTORS, "/dev/null");
        berth_check(dup2(null, stream), BERTH_STEP_DESCRIPTORS, "/dev/null");
        close(null);
    }
}

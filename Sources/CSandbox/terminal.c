#define _GNU_SOURCE
#include "child.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/ioctl.h>

// Opens a terminal in the container's own /dev/pts, so that `tty` and ttyname() in it find its name; one of the
// host's would have none in there. Returns the side for the parent, and in `peer` the program's.
int berth_open_terminal(int *peer) {
    // In a container that runs already anything may stand there.
    int terminal = berth_open_device("/dev/pts/ptmx", 5, 2);
    berth_check(terminal, BERTH_STEP_TERMINAL, "/dev/pts/ptmx");
    int unlocked = 0;
    berth_check(ioctl(terminal, TIOCSPTLCK, &unlocked), BERTH_STEP_TERMINAL, NULL);
    // Not by its name: the descriptor can't be of another terminal.
    *peer = berth_check(ioctl(terminal, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC), BERTH_STEP_TERMINAL, NULL);
    return terminal;
}

// The terminal as /dev/console, too.
void berth_show_console(int peer) {
    int console = berth_check(berth_clone_mount(peer, ""), BERTH_STEP_TERMINAL, "/dev/console");
    int place = berth_open_beneath(AT_FDCWD, "/dev/console", O_PATH | O_CLOEXEC, RESOLVE_NO_SYMLINKS);
    berth_check(place, BERTH_STEP_TERMINAL, "/dev/console");
    berth_check(berth_attach_mount(console, place, ""), BERTH_STEP_TERMINAL, "/dev/console");
    close(place);
    close(console);
}

// Makes `peer` the session's controlling terminal, its owner the user, and all three standard streams of it.
void berth_take_terminal(int peer, uint32_t user) {
    berth_check(fchown(peer, user, (gid_t)-1), BERTH_STEP_TERMINAL, NULL);
    berth_check(ioctl(peer, TIOCSCTTY, 0), BERTH_STEP_TERMINAL, NULL);
    for (int stream = 0; stream < 3; stream++) berth_check(dup2(peer, stream), BERTH_STEP_TERMINAL, NULL);
    close(peer);
}

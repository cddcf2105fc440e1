#define _GNU_SOURCE
#include "CSandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { MAXIMUM_RELAYED = 64 };

// A signal's disposition belongs to the whole process, so this does, too.
static atomic_flag is_relaying = ATOMIC_FLAG_INIT;
static int ends[2];
static atomic_int writer;
static int relayed[MAXIMUM_RELAYED];
static size_t relayed_count;
static struct sigaction previous[MAXIMUM_RELAYED];

static void relay(int signal) {
    int error = errno;
    unsigned char byte = (unsigned char)signal;
    // Lost only where the pipe is full of signals that nobody reads.
    ssize_t written = write(atomic_load(&writer), &byte, 1);
    (void)written;
    errno = error;
}

int berth_relay_signals(const int *signals, size_t count, int *descriptor) {
    if (count > MAXIMUM_RELAYED) return EINVAL;
    if (atomic_flag_test_and_set(&is_relaying)) return EBUSY;
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0) {
        int error = errno;
        atomic_flag_clear(&is_relaying);
        return error;
    }
    *descriptor = ends[0];
    atomic_store(&writer, ends[1]);
    struct sigaction action = {.sa_handler = relay, .sa_flags = SA_RESTART};
    sigfillset(&action.sa_mask);
    memcpy(relayed, signals, count * sizeof *signals);
    relayed_count = count;
    for (size_t index = 0; index < count; index++) (void)sigaction(signals[index], &action, &previous[index]);
    return 0;
}

void berth_stop_relaying_signals(void) {
    for (size_t index = 0; index < relayed_count; index++) (void)sigaction(relayed[index], &previous[index], NULL);
    close(ends[0]);
    close(ends[1]);
    atomic_flag_clear(&is_relaying);
}

int berth_window_size(int terminal, uint16_t *rows, uint16_t *columns) {
    struct winsize size;
    if (ioctl(terminal, TIOCGWINSZ, &size) < 0) return errno;
    *rows = size.ws_row;
    *columns = size.ws_col;
    return 0;
}

int berth_set_window_size(int terminal, uint16_t rows, uint16_t columns) {
    struct winsize size = {.ws_row = rows, .ws_col = columns};
    return ioctl(terminal, TIOCSWINSZ, &size) < 0 ? errno : 0;
}

#pragma once

#include "CTree.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

/// What a confined process may use at most.
struct berth_confinement {
    /// The folder that becomes the process's whole file system.
    const char *root;
    /// Keep the capabilities that restoring files takes; without, a user namespace of the process's own is entered
    /// in which it has them over the caller's own files only.
    bool privileged;
    /// Who else is in that user namespace; NULL for nobody.
    const struct berth_user_map *map;
    /// In bytes; the largest file that can be written.
    uint64_t file_size;
    /// In bytes; the address space.
    uint64_t address_space;
};

/// Shuts the calling process into `confinement->root`, for good. The process must have one thread.
///
/// Descriptors 0, 1 and 2 stay open, all others are closed. There is no network, no way to start another program,
/// and none to load code. The process ends when the thread that started it does.
///
/// Returns NULL, or the name of the step that failed, with its reason in `errno`: then the process must exit.
const char *berth_confine(const struct berth_confinement *confinement);

/// What every process does that is to be shut in, before anything else: it ends with the thread that started it.
void berth_begin_confinement(void);

/// The last step of `berth_confine`, for a process that has its root already: limits, capabilities, system calls.
/// `confinement->root` is not looked at.
const char *berth_restrict(const struct berth_confinement *confinement);

/// Starts a program with `descriptors` as its descriptors 0, 1, …, and no others. Returns 0 or an error number.
int berth_spawn(const char *program, char *const arguments[], char *const environment[], const int *descriptors,
                size_t count, pid_t *process);

/// A descriptor that names the folder at `path`, seen from the folder `base`, or -1; not through those links in /proc
/// that lead to what other processes have open.
int berth_find_folder(int base, const char *path, bool follows_link);

/// Opens a pipe whose ends are not inherited. Returns -1 and sets `errno` when it can't.
int berth_pipe(int ends[2]);

/// Makes the pipe hold as much as an ordinary user's may; one that can't be made to holds less, and does as well.
void berth_enlarge_pipe(int descriptor);

/// Moves at most `count` bytes of `file` from `offset` on into a pipe without copying them. Returns how many, or -1
/// and `errno`. When nobody reads the pipe the calling thread gets SIGPIPE.
ssize_t berth_move_to_pipe(int file, int64_t offset, int pipe, size_t count);

/// Has the kernel begin to write `length` bytes from `offset` on to the disk, 0 for all that follow. It makes nothing
/// durable, and that it can't is no error.
void berth_begin_write_back(int descriptor, int64_t offset, int64_t length);

/// Flushes the file system that `descriptor` is on.
int berth_synchronize_file_system(int descriptor);

int berth_make_node(const char *path, mode_t mode, unsigned int major, unsigned int minor);

/// Sets an extended attribute of `path` itself, also when it is a symbolic link.
int berth_set_attribute(const char *path, const char *name, const void *value, size_t size);

/// The names of the extended attributes of `path` itself, each ended by a zero byte.
ssize_t berth_list_attributes(const char *path, char *names, size_t size);

ssize_t berth_get_attribute(const char *path, const char *name, void *value, size_t size);

#pragma once

// The child's side: everything here runs between clone3 and exec, in a copy of a process that had threads.
// No malloc, no stdio, no locks; system calls only, and glibc's wrappers only where they are nothing else.

#include "CSandbox.h"

#include <sys/syscall.h>
#include <unistd.h>

// The child's end of the socket to its parent, once the descriptors are in order.
enum { BERTH_SOCKET = 3 };

enum berth_report_kind { BERTH_REPORT_PREPARED, BERTH_REPORT_FAILED };

struct berth_report {
    enum berth_report_kind kind;
    bool has_passwd;
    bool has_group;
    bool has_terminal;
    struct berth_failure failure;
};

// Tells the parent what failed, by the present errno, and ends.
_Noreturn void berth_fail(enum berth_step step, const char *subject);

// Ends by berth_fail unless `result` is zero or more; returns `result`.
static inline int berth_check(int result, enum berth_step step, const char *subject) {
    if (result < 0) berth_fail(step, subject);
    return result;
}

// descriptors.c
void berth_arrange_descriptors(const struct berth_plan *plan, int socket);
void berth_connect_null(const struct berth_plan *plan);

// namespaces.c
void berth_map_user(const struct berth_plan *plan);
void berth_begin_session(void);
void berth_name_host(const struct berth_plan *plan);
void berth_raise_loopback(void);

// root.c
int berth_mount_root(const struct berth_plan *plan);
void berth_write_files(const struct berth_plan *plan, int root);
void berth_pivot(int root);

// mounts.c
void berth_mount_system_folders(const struct berth_plan *plan, int root);
void berth_restrict_system_folders(const struct berth_plan *plan);
int berth_open_beneath(int root, const char *path, uint64_t flags, uint64_t resolve);
int berth_clone_mount(int directory, const char *path);
int berth_attach_mount(int mount, int directory, const char *path);
int berth_mount(const char *source, const char *target, const char *type, unsigned long flags, const char *options);

// devices.c
void berth_fill_device_folder(const struct berth_plan *plan, int devices);

// terminal.c
int berth_open_terminal(int *peer);
void berth_take_terminal(int peer, uint32_t user);

// identity.c
void berth_limit_capabilities(const struct berth_plan *plan);
void berth_become(const struct berth_plan *plan, const struct berth_identity *identity);

// execute.c
void berth_enter_working_directory(const struct berth_plan *plan);
_Noreturn void berth_execute_program(const struct berth_plan *plan, const struct berth_identity *identity);

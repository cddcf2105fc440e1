#pragma once

// What the files of this room share. The child's side runs between clone3 and exec, in a copy of a process that may
// have had threads. No malloc, no stdio, no locks; system calls only, and glibc's wrappers only where they are nothing else.

#include "CSandbox.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

// The child's end of the socket to its parent, once the descriptors are in order.
enum { BERTH_SOCKET = 3 };
// Where a descriptor is for as long as it is needed.
enum { BERTH_KEPT = 4 };
// The first of the files by which a process moves itself into its control groups, until it has done so.
enum { BERTH_GROUPS = 5 };

enum berth_report_kind { BERTH_REPORT_JOINED, BERTH_REPORT_PREPARED, BERTH_REPORT_FAILED };

struct berth_report {
    enum berth_report_kind kind;
    bool has_passwd;
    bool has_group;
    bool has_terminal;
    struct berth_failure failure;
};

// The most that one report comes with.
enum { BERTH_MAXIMUM_DESCRIPTORS = 3 };

union berth_control {
    struct cmsghdr header;
    char bytes[CMSG_SPACE(BERTH_MAXIMUM_DESCRIPTORS * sizeof(int)) + CMSG_SPACE(3 * sizeof(uint32_t))];
};

// begin.c
pid_t berth_clone(uint64_t flags, int *process_descriptor);
int berth_begin_in_group(
    uint64_t flags, int group, void (*child)(const void *plan, int socket), const void *plan,
    struct berth_started *started);
int berth_begin(
    uint64_t flags, void (*child)(const void *plan, int socket), const void *plan, struct berth_started *started);

// maps.c
void berth_wait_until_mapped(void);

// parent.c
int berth_wait_joined(struct berth_started *started, struct berth_failure *failure);

// Tells the parent what failed, by the present errno, and ends.
_Noreturn void berth_fail(enum berth_step step, const char *subject);

// Ends by berth_fail unless `result` is zero or more; returns `result`.
static inline int berth_check(int result, enum berth_step step, const char *subject) {
    if (result < 0) berth_fail(step, subject);
    return result;
}

// descriptors.c
void berth_arrange_descriptors(const struct berth_program *program, int socket, int kept);
void berth_connect_null(const struct berth_program *program);

// namespaces.c
void berth_map_user(const struct berth_plan *plan);
void berth_begin_session(void);
void berth_name_host(const struct berth_plan *plan);
void berth_raise_loopback(void);

// root.c
int berth_mount_root(const struct berth_plan *plan);
void berth_pivot(int root);
void berth_protect_root(const struct berth_plan *plan);

// mounting.c
int berth_open_beneath(int root, const char *path, uint64_t flags, uint64_t resolve);
int berth_new_mount(const char *type, const struct berth_option *options, size_t count, unsigned int attributes);
int berth_clone_mount(int directory, const char *path);
int berth_attach_mount(int mount, int directory, const char *path);
int berth_mount(const char *source, const char *target, const char *type, unsigned long flags, const char *options);

// system.c
void berth_mount_system_folders(const struct berth_plan *plan, int root);
void berth_close_device_folder(const struct berth_plan *plan);
void berth_apply_settings(const struct berth_plan *plan);
void berth_restrict_system_folders(const struct berth_plan *plan);

// sources.c
void berth_open_sources(const struct berth_plan *plan);
void berth_attach_sources(const struct berth_plan *plan);

// places.c
int berth_make_place(int root, const char *path, mode_t kind, bool covers_link);

// reaper.c
void berth_leave_to_reaper(const struct berth_program *program);

// devices.c
int berth_open_device(const char *path, unsigned int major_number, unsigned int minor_number);
void berth_fill_device_folder(const struct berth_plan *plan, int root, int devices);

// cgroups.c
void berth_enter_groups(const struct berth_program *program);
void berth_enter_cgroup_namespace(const struct berth_plan *plan);

// terminal.c
int berth_open_terminal(int *peer);
void berth_show_console(int peer);
void berth_take_terminal(int peer, uint32_t user);

// program.c
void berth_set_out_of_memory_score(const struct berth_program *program);
_Noreturn void berth_run_program(const struct berth_program *program, const struct berth_identity *identity);

// identity.c
void berth_reduce_capabilities(const struct berth_program *program);
void berth_become(const struct berth_program *program, const struct berth_identity *identity);

// filter.c
void berth_install_filter(const struct berth_program *program);

// execute.c
void berth_reset_dispositions(void);
void berth_unblock_signals(void);
void berth_enter_working_directory(const struct berth_program *program);
_Noreturn void berth_execute_program(const struct berth_program *program, const struct berth_identity *identity);

// handshake.c
int berth_open_account_file(int root, const char *path);
void berth_end_with_parent(void);
void berth_report_joined(void);
void berth_report_prepared(int terminal);
void berth_receive_identity(struct berth_identity *identity);

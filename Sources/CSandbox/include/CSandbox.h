#pragma once

// What Swift decides of a container's start, and the functions that carry it out.
//
// Swift prepares every string and array beforehand, because the process it runs in has threads: between clone3
// and exec the child may neither allocate, nor take a lock, nor use stdio.

#include "CUserMap.h"

#include <spawn.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// An option of a file system: a key and its value.
struct berth_option {
    const char *key;
    const char *value;
};

// Something of the host's, or a new tmpfs, at a place in the container.
struct berth_mount {
    // A path on the host; null for a tmpfs.
    const char *source;
    // Absolute, in the container; made where it is missing, and never outside of the container's root.
    const char *target;
    const struct berth_option *options;
    size_t option_count;
    // MOUNT_ATTR_…, of the mount and those below it.
    uint64_t attributes;
    // MS_PRIVATE, MS_SLAVE or MS_SHARED.
    uint64_t propagation;
    // Whether the mounts below the source come, too.
    bool is_recursive;
    // Whether `target` itself may be a link, which is covered then, and not followed.
    bool covers_link;
    // The child's own: the mount, not attached yet.
    int descriptor;
};

// A device's node in the container.
struct berth_device {
    // Absolute, in the container.
    const char *path;
    // What to bind where no node may be made.
    const char *host_path;
    // The kind and the permissions.
    uint32_t mode;
    uint32_t major_number;
    uint32_t minor_number;
    uint32_t user;
    uint32_t group;
};

// A hierarchy of cgroups to be shown at /sys/fs/cgroup, or in a folder of it by its name.
struct berth_hierarchy {
    const char *name;
    const char *type;
    const char *options;
};

// A setting of the kernel's, in a namespace of the container's.
struct berth_setting {
    // Below /proc/sys.
    const char *path;
    const char *value;
    // Whether the container can do without it.
    bool is_optional;
};

// A symbolic link in the scratch folder that the overlay is mounted from.
struct berth_link {
    const char *name;
    const char *target;
};

// The highest of a resource that a process may use, as setrlimit(2) has it.
struct berth_limit {
    const char *name;
    int resource;
    uint64_t soft;
    uint64_t hard;
};

// The most control groups that a process is in: of version 1 one for each controller.
enum { BERTH_MAXIMUM_CGROUPS = 16 };

// A program and what it may do, be it a container's first process or one that joins it.
struct berth_program {
    const char *const *arguments;
    // Ended by null; where `home_index` isn't negative, that element is a placeholder for HOME=….
    const char **environment;
    ssize_t home_index;
    // The program's possible paths in the order of PATH, ended by null.
    const char *const *candidates;
    const char *working_directory;
    bool makes_working_directory;
    // Whether a process of berth's own is the first, which passes signals on and buries the orphans.
    bool has_reaper;
    // Whether the groups may be set: where a single id is mapped, the kernel denies it.
    bool sets_groups;
    // Whether the container has a user namespace of its own.
    bool has_user_namespace;
    // One bit per capability, as the kernel numbers them.
    uint64_t capabilities;
    // Whether no program may win more than its caller has (PR_SET_NO_NEW_PRIVS).
    bool no_new_privileges;
    // Instructions of a seccomp filter, as <linux/filter.h> has them; null for none.
    const void *filter;
    size_t filter_length;
    const struct berth_limit *limits;
    size_t limit_count;
    // A number as text; null to keep the caller's.
    const char *out_of_memory_score;

    // Files that take a process into a control group, one for each hierarchy: `tasks`, or `cgroup.procs` of version 2.
    int groups[BERTH_MAXIMUM_CGROUPS];
    size_t group_count;
    // The folder of the one group of version 2, for a process to be born in; -1 for none.
    int group_folder;

    // Whether the three standard streams are a new terminal in the container's /dev/pts.
    bool terminal;
    // The caller's own descriptors; -1 for the container's /dev/null.
    int input;
    int output;
    int error;
};

// A network namespace of the container's own, the caller's, or the one that comes with another container's user namespace.
enum { BERTH_NETWORK_NEW = -1, BERTH_NETWORK_HOST = -2, BERTH_NETWORK_ENTERED = -3 };

struct berth_plan {
    // Whether the container has a user namespace. Where `is_mapped_from_outside`, berth_map_started is to follow; else
    // the lines of /proc/self/uid_map and gid_map.
    bool has_user_namespace;
    bool is_mapped_from_outside;
    const char *user_map;
    const char *group_map;
    // Null for the host's, in the host's UTS namespace.
    const char *hostname;
    // Whether it has the host's IPC namespace.
    bool has_host_memory;
    // Whether a program of the caller's connects the network while the first process waits.
    bool has_network_helper;
    // One of BERTH_NETWORK_…, or a descriptor of a network namespace to join.
    int network;
    // For BERTH_NETWORK_ENTERED: refers to the process whose user and network namespace the container has.
    int owner;

    // An empty folder on the host that the scratch tmpfs covers, within the container's mount namespace only.
    const char *mount_point;
    // Short names for the layers, the upper and the work folder; `overlay_options` says those names.
    const struct berth_link *links;
    size_t link_count;
    const char *overlay_options;
    // What the overlay is mounted "from": it names the container in the mount table.
    const char *overlay_source;
    // In the order in which they are mounted.
    struct berth_mount *mounts;
    size_t mount_count;
    const struct berth_device *devices;
    size_t device_count;
    const struct berth_setting *settings;
    size_t setting_count;
    const struct berth_hierarchy *hierarchies;
    size_t hierarchy_count;
    // In bytes, as text: of /dev/shm.
    const char *shared_memory_size;
    bool has_read_only_root;
    // Whether devices' nodes work wherever they are, and /sys can be written.
    bool is_privileged;
    // Absolute paths in the container, ended by null; what isn't there is passed over.
    const char *const *masked_paths;
    const char *const *read_only_paths;

    struct berth_program program;
};

// How a process gets into a container that runs.
struct berth_join_plan {
    struct berth_program program;
    // Refers to the container's first process.
    int process_descriptor;
    // Whether it has the host's network, which a user namespace's process can't enter: it is in it.
    bool has_host_network;
};

// A command of an OCI runtime.
struct berth_runtime_plan {
    // The container whose root is to be mounted where only the runtime sees it; null where that has done so before.
    const struct berth_plan *container;
    const char *path;
    // Both ended by null.
    const char *const *arguments;
    const char *const *environment;
    // The caller's own descriptors; -1 for the host's /dev/null.
    int input;
    int output;
    int error;
};

// Where a start failed.
enum berth_step {
    BERTH_STEP_CLONE,
    BERTH_STEP_JOIN,
    BERTH_STEP_DESCRIPTORS,
    BERTH_STEP_CGROUP,
    BERTH_STEP_USER_MAP,
    BERTH_STEP_SESSION,
    BERTH_STEP_HOSTNAME,
    BERTH_STEP_NETWORK,
    BERTH_STEP_LOOPBACK,
    BERTH_STEP_PROPAGATION,
    BERTH_STEP_SCRATCH,
    BERTH_STEP_OVERLAY,
    BERTH_STEP_MOUNT,
    BERTH_STEP_DEVICE,
    BERTH_STEP_SOURCE,
    BERTH_STEP_SETTING,
    BERTH_STEP_PIVOT,
    BERTH_STEP_MASK,
    BERTH_STEP_TERMINAL,
    BERTH_STEP_REPORT,
    BERTH_STEP_WORKING_DIRECTORY,
    BERTH_STEP_LIMIT,
    BERTH_STEP_CAPABILITIES,
    BERTH_STEP_IDENTITY,
    BERTH_STEP_FILTER,
    BERTH_STEP_EXECUTE,
    BERTH_STEP_RUNTIME,
};

struct berth_failure {
    enum berth_step step;
    int error;
    // What the step was about, such as "/proc"; may be empty.
    char subject[64];
};

enum { BERTH_MAXIMUM_GROUPS = 1024, BERTH_MAXIMUM_HOME = 4096 };

// Who the process is to be, decided once the image's /etc/passwd and /etc/group could be read.
struct berth_identity {
    uint32_t user;
    uint32_t group;
    uint32_t group_count;
    uint32_t groups[BERTH_MAXIMUM_GROUPS];
    // HOME=… with its final null.
    char home[BERTH_MAXIMUM_HOME];
};

struct berth_started {
    pid_t process;
    int process_descriptor;
    int socket;
};

// The descriptors a container that is ready hands over; -1 for what isn't there.
struct berth_prepared {
    int passwd;
    int group;
    int terminal;
};

// As berth_start, where the plan has an owner. Returns 0; 1 with `failure` filled; 2 when it ended without a word.
int berth_start_beside(const struct berth_plan *plan, struct berth_started *started, struct berth_failure *failure);

// Clones the container's first process, which prepares the root and then waits for its identity.
//
// The calling thread must live as long as the container: its end kills the process (PR_SET_PDEATHSIG).
// Returns 0, or an errno.
int berth_start(const struct berth_plan *plan, struct berth_started *started);

// Maps the users of a process that berth_start has cloned, and lets it go on. Returns 0, or an errno.
int berth_map_started(const struct berth_started *started, const struct berth_user_map *map);

// Clones a process into all namespaces of a container that runs; it then waits for its identity as a first one does.
//
// It is this process's own child, and this thread's end is its end. Returns 0; 1 with `failure` filled; 2 when it
// ended without a word.
int berth_join(const struct berth_join_plan *plan, struct berth_started *started, struct berth_failure *failure);

// Starts a command of an OCI runtime, which is to end soon. Where it is to make a container, it first mounts the root in a
// mount namespace of its own, and then waits, as a container's first process does, for a word by berth_execute.
//
// This thread's end is its end, but not that of what it makes. Returns 0, or an errno.
int berth_start_runtime(const struct berth_runtime_plan *plan, struct berth_started *started);

// Makes this process the parent of those that its descendants leave behind. Returns 0, or an errno.
int berth_adopt_orphans(void);

// Opens a file for reading by its path in the container that `process` is in; its links lead nowhere else. Returns a
// descriptor, closed on exec, or -1 with errno.
int berth_open_in_container(pid_t process, const char *path);

// Takes the descriptor that comes with the next message of `socket`. Returns it, closed on exec, or -1 with errno.
int berth_receive_descriptor(int socket);

// Waits until the root is ready. Returns 0; 1 with `failure` filled; 2 when the process ended without a word.
int berth_wait_prepared(int socket, struct berth_prepared *prepared, struct berth_failure *failure);

// Lets the process go on to its program. Returns 0; 1 with `failure` filled where it could not be executed.
// An end without a word is a success: from there on the exit status tells.
int berth_execute(int socket, const struct berth_identity *identity, struct berth_failure *failure);

// A phrase for a step, such as "cannot mount"; the subject and the error's text complete it.
const char *berth_step_phrase(enum berth_step step);

// From now on each of `signals` that this process gets is a byte to read from `descriptor`, and has no other effect.
//
// There is one relay a process. Returns 0; EBUSY when there is one already; or another errno.
int berth_relay_signals(const int *signals, size_t count, int *descriptor);

// Gives the signals the dispositions back that they had before, and closes the descriptor.
void berth_stop_relaying_signals(void);

// Sends a signal to the process that `process_descriptor` refers to. Returns 0, or an errno.
int berth_signal(int process_descriptor, int signal);

// The window size of a terminal, in characters. Returns 0, or an errno.
int berth_window_size(int terminal, uint16_t *rows, uint16_t *columns);

// Gives a terminal a window size, of which its programs are told. Returns 0, or an errno.
int berth_set_window_size(int terminal, uint16_t rows, uint16_t columns);

// Opens a descriptor of the process with this number, closed on exec. Returns it, or -1 with errno.
int berth_open_process(pid_t process);

// Opens a program such that whoever gets hold of it through /proc/PID/exe can't write to it: a container's first process
// is a copy of the monitor until it becomes its own program. Returns a descriptor, closed on exec, or -1 with errno.
int berth_open_sealed(const char *path);

// Whether this process's program was opened by berth_open_sealed.
bool berth_is_sealed(void);

// Gives this process the name that it is listed by.
void berth_name_process(const char *name);

// posix_spawn(3) for a program that is to ignore and block no signal, whatever the caller does. `actions` may be NULL;
// `flags` are POSIX_SPAWN_SETSID or 0. Returns 0, or an errno.
int berth_spawn_unhindered(
    pid_t *process, const char *path, const posix_spawn_file_actions_t *actions, short flags,
    char *const arguments[], char *const environment[]
);

// Starts the monitor of the container that has `folder`, sealed: in a session of its own, with `client` at descriptor 3,
// its program at 4, which it is to close, and its errors at the end of `error_file`. Returns 0, or an errno.
int berth_spawn_monitor(const char *program, const char *folder, int client, const char *error_file);

// The numbers that a program in the background finds its pipes' ends at.
enum { BERTH_BACKGROUND_READY = 3, BERTH_BACKGROUND_EXIT = 4 };

// A program that works beside this one: its process; what is readable once it says that it is ready; what tells it to
// end when it is closed; and the file that its standard error goes to.
struct berth_background {
    pid_t process;
    int ready;
    int exit;
    int output;
};

// Starts a program with `folder` as its working folder. `arguments` is ended by null. Returns 0, or an errno.
int berth_start_background(
    const char *path, const char *const *arguments, const char *folder, struct berth_background *started);

// What may be done with a device: some of BERTH_DEVICE_MAKE, BERTH_DEVICE_READ and BERTH_DEVICE_WRITE. A negative number
// means any. The kernel's own numbers.
enum { BERTH_DEVICE_MAKE = 1, BERTH_DEVICE_READ = 2, BERTH_DEVICE_WRITE = 4 };

struct berth_device_rule {
    bool is_block;
    uint32_t access;
    int64_t major_number;
    int64_t minor_number;
};

// Lets the processes of a control group of version 2, the folder of which is `group`, do with devices what one of `rules`
// says, and nothing else; for as long as the group is there. Returns 0, or an errno.
int berth_filter_devices(int group, const struct berth_device_rule *rules, size_t count);

// An extended attribute of what a path names, for Swift's Glibc doesn't have them. Returns 0 or the value's length, or -1
// with errno.
int berth_set_note(const char *path, const char *name, const void *value, size_t size);
ssize_t berth_read_note(const char *path, const char *name, void *value, size_t room);

// Gives back the memory that this process needed so far, and may not need again soon.
void berth_release_memory(void);

// Makes a container's lowest layer, the folder `base` in the working folder: the places that every container mounts
// something at, so that they needn't be made in its writable layer, where they would be a change of the container's.
// Makes system calls only. Returns 0, or -1 with errno.
int berth_make_base_layer(void);

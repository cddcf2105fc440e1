#define _GNU_SOURCE
#include "CConfinement.h"
#include "steps.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

static int write_file(const char *path, const char *text) {
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0) return -1;
    ssize_t written = write(file, text, strlen(text));
    int saved = errno;
    close(file);
    errno = saved;
    return written == (ssize_t)strlen(text) ? 0 : -1;
}

const char *berth_enter_namespaces(bool privileged, const struct berth_user_map *map) {
    int namespaces = CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS;
    if (privileged) return unshare(namespaces) == 0 ? NULL : "enter its own namespaces";
    if (map != NULL) return berth_enter_mapped_namespaces(namespaces, map);

    uid_t user = geteuid();
    gid_t group = getegid();
    if (unshare(CLONE_NEWUSER | namespaces) != 0) return "enter a user namespace";
    char own[64];
    // The kernel lets an ordinary user map a group only once setgroups is denied (user_namespaces(7)).
    if (write_file("/proc/self/setgroups", "deny") != 0) return "deny setgroups";
    snprintf(own, sizeof own, "0 %u 1", (unsigned)user);
    if (write_file("/proc/self/uid_map", own) != 0) return "map its user";
    snprintf(own, sizeof own, "0 %u 1", (unsigned)group);
    if (write_file("/proc/self/gid_map", own) != 0) return "map its group";
    return NULL;
}

const char *berth_pivot_here(void) {
    // With both names the same the old root is stacked on the new one, and goes by one umount (pivot_root(2)).
    if (syscall(SYS_pivot_root, ".", ".") != 0) return "change its root";
    if (umount2(".", MNT_DETACH) != 0) return "leave the old root";
    if (chdir("/") != 0) return "enter its root";
    return NULL;
}

const char *berth_change_root(const char *root, bool privileged) {
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) return "make its mounts private";
    // pivot_root takes only a mount point.
    if (mount(root, root, NULL, MS_BIND | MS_REC, NULL) != 0) return "mount its root";
    if (chdir(root) != 0) return "enter its root";
    // A device node from an archive is made, but nobody opens it here.
    if (mount(NULL, ".", NULL, MS_REMOUNT | MS_BIND | MS_NODEV | MS_NOSUID | MS_NOEXEC, NULL) != 0 && privileged)
        return "close its root to devices";
    return berth_pivot_here();
}

static const char *limit_resources(const struct berth_confinement *confinement) {
    struct rlimit none = {0, 0};
    struct rlimit files = {64, 64};
    struct rlimit file_size = {confinement->file_size, confinement->file_size};
    struct rlimit memory = {confinement->address_space, confinement->address_space};
    if (setrlimit(RLIMIT_CORE, &none) != 0) return "limit core files";
    if (setrlimit(RLIMIT_NOFILE, &files) != 0) return "limit open files";
    if (setrlimit(RLIMIT_FSIZE, &file_size) != 0) return "limit file sizes";
    if (setrlimit(RLIMIT_AS, &memory) != 0) return "limit memory";
    return NULL;
}

/// Keeps what restoring owners, modes, devices and attributes takes. SYS_ADMIN is what `trusted.*` attributes need;
/// what else it would allow, the system call filter does not.
static const char *drop_capabilities(void) {
    static const int kept[] = {CAP_CHOWN, CAP_DAC_OVERRIDE, CAP_FOWNER, CAP_FSETID,
                               CAP_MKNOD, CAP_SETFCAP,      CAP_SYS_ADMIN};
    uint64_t mask = 0;
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) mask |= UINT64_C(1) << kept[i];
    for (int capability = 0; prctl(PR_CAPBSET_READ, capability) >= 0; capability++) {
        if (mask >> capability & 1) continue;
        if (prctl(PR_CAPBSET_DROP, capability) != 0) return "drop capabilities from the bounding set";
    }
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct sets[2];
    if (syscall(SYS_capget, &header, sets) != 0) return "read its capabilities";
    for (int i = 0; i < 2; i++) {
        uint32_t half = (uint32_t)(mask >> (32 * i));
        sets[i].permitted &= half;
        sets[i].effective = sets[i].permitted;
        sets[i].inheritable = 0;
    }
    if (syscall(SYS_capset, &header, sets) != 0) return "drop capabilities";
    return NULL;
}

#if defined(__x86_64__)
#define BERTH_AUDIT_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define BERTH_AUDIT_ARCH AUDIT_ARCH_AARCH64
#elif defined(__riscv) && __riscv_xlen == 64
#define BERTH_AUDIT_ARCH AUDIT_ARCH_RISCV64
#elif defined(__powerpc64__) && defined(__LITTLE_ENDIAN__)
#define BERTH_AUDIT_ARCH AUDIT_ARCH_PPC64LE
#elif defined(__s390x__)
#define BERTH_AUDIT_ARCH AUDIT_ARCH_S390X
#else
#error "the system call filter doesn't know this architecture"
#endif

#define DENY BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM)
#define ALLOW BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
#define REFUSE(name) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##name, 0, 1), DENY
// The flags of mmap and mprotect stand in the third argument's low half.
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define THIRD_ARGUMENT (offsetof(struct seccomp_data, args[2]) + 4)
#else
#define THIRD_ARGUMENT offsetof(struct seccomp_data, args[2])
#endif

static const char *filter_system_calls(void) {
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, BERTH_AUDIT_ARCH, 1, 0),
        DENY,
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
#if defined(__x86_64__)
        // The x32 calls are the same ones by other numbers.
        BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1),
        DENY,
#endif
        REFUSE(execve), REFUSE(execveat), REFUSE(ptrace), REFUSE(process_vm_writev), REFUSE(socket),
        REFUSE(mount), REFUSE(umount2), REFUSE(pivot_root), REFUSE(chroot), REFUSE(unshare), REFUSE(setns),
        REFUSE(open_tree), REFUSE(move_mount), REFUSE(fsopen), REFUSE(fsmount), REFUSE(fspick), REFUSE(mount_setattr),
        REFUSE(bpf), REFUSE(perf_event_open), REFUSE(keyctl), REFUSE(add_key), REFUSE(request_key),
        REFUSE(io_uring_setup), REFUSE(userfaultfd), REFUSE(quotactl), REFUSE(quotactl_fd), REFUSE(swapon),
        REFUSE(swapoff), REFUSE(sethostname), REFUSE(setdomainname), REFUSE(fanotify_init), REFUSE(kexec_load),
        REFUSE(open_by_handle_at), REFUSE(ioctl), REFUSE(kill), REFUSE(tkill), REFUSE(pidfd_open),
        REFUSE(pkey_mprotect), REFUSE(memfd_create),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mmap, 1, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mprotect, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, THIRD_ARGUMENT),
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 0, 1),
        DENY,
        ALLOW,
    };
    struct sock_fprog program = {sizeof filter / sizeof filter[0], filter};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return "give up new privileges";
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) return "filter its system calls";
    return NULL;
}

void berth_begin_confinement(void) {
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    // Writing past the size limit is then an error, not a signal.
    signal(SIGXFSZ, SIG_IGN);
    umask(0);
}

const char *berth_restrict(const struct berth_confinement *confinement) {
    const char *failed = NULL;
    if ((failed = limit_resources(confinement))) return failed;
    if ((failed = drop_capabilities())) return failed;
    return filter_system_calls();
}

const char *berth_confine(const struct berth_confinement *confinement) {
    const char *failed = NULL;
    berth_begin_confinement();
    if ((failed = berth_enter_namespaces(confinement->privileged, confinement->map))) return failed;
    if ((failed = berth_change_root(confinement->root, confinement->privileged))) return failed;
    // Only now: /proc and the old root were needed until here.
    if (syscall(SYS_close_range, 3U, ~0U, 0U) != 0) return "close what it inherited";
    return berth_restrict(confinement);
}

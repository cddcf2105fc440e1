extension SeccompProfile {
    /// The one that containers have by default. It lets through what docker's default does, for the same capabilities.
    ///
    /// - SeeAlso: moby's default seccomp profile.
    package static let standard = SeccompProfile(
        defaultAction: "SCMP_ACT_ERRNO",
        architectures: architectures[SeccompHost.current.architecture] ?? [],
        rules: [.allowing(harmlessCalls)] + rulesByArgument + rulesByArchitecture + rulesByCapability
    )

    private static let architectures = [
        "amd64": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"],
        "arm64": ["SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM"],
    ]

    private static let rulesByArgument: [SeccompRule] = [
        // Before 4.8 a tracer could make calls that its tracee's filter had refused.
        .allowing("process_vm_readv process_vm_writev ptrace", includes: .init(minKernel: "4.8")),
        // Not AF_ALG (38), the door to the kernel's ciphers; not AF_VSOCK (40), the one to the hypervisor.
        .allowing("socket", [.init(index: 0, value: 38, op: "SCMP_CMP_LT")]),
        .allowing("socket", [.init(index: 0, value: 39, op: "SCMP_CMP_EQ")]),
        .allowing("socket", [.init(index: 0, value: 40, op: "SCMP_CMP_GT")]),
        // PER_LINUX and PER_LINUX32, with or without UNAME26, and the question which it is.
        .allowing("personality", [.init(index: 0, value: 0x0, op: "SCMP_CMP_EQ")]),
        .allowing("personality", [.init(index: 0, value: 0x8, op: "SCMP_CMP_EQ")]),
        .allowing("personality", [.init(index: 0, value: 0x20000, op: "SCMP_CMP_EQ")]),
        .allowing("personality", [.init(index: 0, value: 0x20008, op: "SCMP_CMP_EQ")]),
        .allowing("personality", [.init(index: 0, value: 0xffff_ffff, op: "SCMP_CMP_EQ")]),
        // A thread or a process, but no namespace: CLONE_NEWNS and its six siblings must not be among the flags.
        .allowing(
            "clone",
            [.init(index: 0, value: 0x7e02_0000, valueTwo: 0, op: "SCMP_CMP_MASKED_EQ")],
            excludes: .init(caps: ["CAP_SYS_ADMIN"])
        ),
        // Its flags are in memory, where no filter sees them: callers fall back to clone.
        SeccompRule(
            names: ["clone3"],
            action: "SCMP_ACT_ERRNO",
            errorNumber: 38,
            excludes: .init(caps: ["CAP_SYS_ADMIN"])
        ),
    ]

    private static let rulesByArchitecture: [SeccompRule] = [
        .allowing("arch_prctl", includes: .init(arches: ["amd64", "x32"])),
        .allowing("modify_ldt", includes: .init(arches: ["amd64", "x32", "x86"])),
        .allowing(
            "arm_fadvise64_64 arm_sync_file_range sync_file_range2 breakpoint cacheflush set_tls",
            includes: .init(arches: ["arm", "arm64"])
        ),
    ]

    private static let rulesByCapability: [SeccompRule] = [
        .allowing("open_by_handle_at", with: "CAP_DAC_READ_SEARCH"),
        .allowing(
            """
            bpf clone clone3 fanotify_init fsconfig fsmount fsopen fspick lookup_dcookie lsm_get_self_attr \
            lsm_list_modules lsm_set_self_attr mount mount_setattr move_mount open_tree perf_event_open quotactl \
            quotactl_fd setdomainname sethostname setns syslog umount umount2 unshare
            """,
            with: "CAP_SYS_ADMIN"
        ),
        .allowing("reboot", with: "CAP_SYS_BOOT"),
        .allowing("chroot", with: "CAP_SYS_CHROOT"),
        .allowing("delete_module init_module finit_module", with: "CAP_SYS_MODULE"),
        .allowing("acct", with: "CAP_SYS_PACCT"),
        .allowing(
            "kcmp pidfd_getfd process_madvise process_vm_readv process_vm_writev ptrace",
            with: "CAP_SYS_PTRACE"
        ),
        .allowing("iopl ioperm", with: "CAP_SYS_RAWIO"),
        .allowing("settimeofday stime clock_settime clock_settime64", with: "CAP_SYS_TIME"),
        .allowing("vhangup", with: "CAP_SYS_TTY_CONFIG"),
        .allowing("get_mempolicy mbind set_mempolicy set_mempolicy_home_node", with: "CAP_SYS_NICE"),
        .allowing("syslog", with: "CAP_SYSLOG"),
        .allowing("bpf", with: "CAP_BPF"),
        .allowing("perf_event_open", with: "CAP_PERFMON"),
    ]

    /// What any program may do that the kernel lets it do.
    private static let harmlessCalls = """
        accept accept4 access adjtimex alarm bind brk cachestat capget capset chdir chmod chown chown32
        clock_adjtime clock_adjtime64 clock_getres clock_getres_time64 clock_gettime clock_gettime64 clock_nanosleep
        clock_nanosleep_time64 close close_range connect copy_file_range creat dup dup2 dup3 epoll_create
        epoll_create1 epoll_ctl epoll_ctl_old epoll_pwait epoll_pwait2 epoll_wait epoll_wait_old eventfd eventfd2
        execve execveat exit exit_group faccessat faccessat2 fadvise64 fadvise64_64 fallocate fanotify_mark fchdir
        fchmod fchmodat fchmodat2 fchown fchown32 fchownat fcntl fcntl64 fdatasync fgetxattr flistxattr flock fork
        fremovexattr fsetxattr fstat fstat64 fstatat64 fstatfs fstatfs64 fsync ftruncate ftruncate64 futex
        futex_requeue futex_time64 futex_wait futex_waitv futex_wake futimesat get_robust_list get_thread_area
        getcpu getcwd getdents getdents64 getegid getegid32 geteuid geteuid32 getgid getgid32 getgroups getgroups32
        getitimer getpeername getpgid getpgrp getpid getppid getpriority getrandom getresgid getresgid32 getresuid
        getresuid32 getrlimit getrusage getsid getsockname getsockopt gettid gettimeofday getuid getuid32 getxattr
        getxattrat inotify_add_watch inotify_init inotify_init1 inotify_rm_watch io_cancel io_destroy io_getevents
        io_pgetevents io_pgetevents_time64 io_setup io_submit ioctl ioprio_get ioprio_set ipc kill landlock_add_rule
        landlock_create_ruleset landlock_restrict_self lchown lchown32 lgetxattr link linkat listen listmount
        listxattr listxattrat llistxattr _llseek lremovexattr lseek lsetxattr lstat lstat64 madvise map_shadow_stack
        membarrier memfd_create memfd_secret mincore mkdir mkdirat mknod mknodat mlock mlock2 mlockall mmap mmap2
        mprotect mq_getsetattr mq_notify mq_open mq_timedreceive mq_timedreceive_time64 mq_timedsend
        mq_timedsend_time64 mq_unlink mremap mseal msgctl msgget msgrcv msgsnd msync munlock munlockall munmap
        name_to_handle_at nanosleep newfstatat _newselect open openat openat2 pause pidfd_open pidfd_send_signal
        pipe pipe2 pkey_alloc pkey_free pkey_mprotect poll ppoll ppoll_time64 prctl pread64 preadv preadv2 prlimit64
        process_mrelease pselect6 pselect6_time64 pwrite64 pwritev pwritev2 read readahead readlink readlinkat readv
        recv recvfrom recvmmsg recvmmsg_time64 recvmsg remap_file_pages removexattr removexattrat rename renameat
        renameat2 restart_syscall riscv_hwprobe rmdir rseq rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo
        rt_sigreturn rt_sigsuspend rt_sigtimedwait rt_sigtimedwait_time64 rt_tgsigqueueinfo sched_get_priority_max
        sched_get_priority_min sched_getaffinity sched_getattr sched_getparam sched_getscheduler
        sched_rr_get_interval sched_rr_get_interval_time64 sched_setaffinity sched_setattr sched_setparam
        sched_setscheduler sched_yield seccomp select semctl semget semop semtimedop semtimedop_time64 send sendfile
        sendfile64 sendmmsg sendmsg sendto set_robust_list set_thread_area set_tid_address setfsgid setfsgid32
        setfsuid setfsuid32 setgid setgid32 setgroups setgroups32 setitimer setpgid setpriority setregid setregid32
        setresgid setresgid32 setresuid setresuid32 setreuid setreuid32 setrlimit setsid setsockopt setuid setuid32
        setxattr setxattrat shmat shmctl shmdt shmget shutdown sigaltstack signalfd signalfd4 sigprocmask sigreturn
        socketcall socketpair splice stat stat64 statfs statfs64 statmount statx symlink symlinkat sync
        sync_file_range syncfs sysinfo tee tgkill time timer_create timer_delete timer_getoverrun timer_gettime
        timer_gettime64 timer_settime timer_settime64 timerfd_create timerfd_gettime timerfd_gettime64
        timerfd_settime timerfd_settime64 times tkill truncate truncate64 ugetrlimit umask uname unlink unlinkat
        uretprobe utime utimensat utimensat_time64 utimes vfork vmsplice wait4 waitid waitpid write writev
        """
}

extension SeccompRule {
    fileprivate static func allowing(
        _ names: String,
        _ arguments: [SeccompArgument] = [],
        includes: Filter? = nil,
        excludes: Filter? = nil
    ) -> SeccompRule {
        SeccompRule(
            names: names.split(whereSeparator: \.isWhitespace).map(String.init),
            action: "SCMP_ACT_ALLOW",
            arguments: arguments,
            includes: includes,
            excludes: excludes
        )
    }

    fileprivate static func allowing(_ names: String, with capability: String) -> SeccompRule {
        allowing(names, includes: Filter(caps: [capability]))
    }
}

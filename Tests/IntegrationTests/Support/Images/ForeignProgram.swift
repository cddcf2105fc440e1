import SystemPackage

/// A program in C that does what a shell can't, linked so that it runs in any image.
struct ForeignProgram: Sendable {
    let path: FilePath

    /// - Parameter name: of one of ``sources``.
    init(on bench: TestBench, named name: String) async throws {
        path = bench.folder.appending(name)
        let source = bench.folder.appending("\(name).c")
        try write(Self.sources[name] ?? "", to: source)
        let options = name == "loader" ? ["-nostdlib", "-fno-stack-protector"] : []
        try await Command("cc", ["-O1", "-static", "-o", path.string] + options + [source.string]).output()
    }

    private static let sources = [
        "loader": loader, "doors": doors, "winner": winner, "datagrams": datagrams, "names": names,
    ]

    /// What the kernel runs in the name of a dynamic program: says what came of changing that program's mode. It can't
    /// use the C library, which would take the program's headers for its own.
    private static let loader = #"""
        #if defined(__x86_64__)
        static long call(long n, long a, long b, long c, long d) {
            long result;
            register long r10 __asm__("r10") = d;
            __asm__ volatile("syscall" : "=a"(result) : "a"(n), "D"(a), "S"(b), "d"(c), "r"(r10) : "rcx", "r11", "memory");
            return result;
        }
        enum { WRITE = 1, FCHMODAT = 268, EXIT = 231 };
        #else
        static long call(long n, long a, long b, long c, long d) {
            register long x8 __asm__("x8") = n;
            register long x0 __asm__("x0") = a;
            register long x1 __asm__("x1") = b;
            register long x2 __asm__("x2") = c;
            register long x3 __asm__("x3") = d;
            __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3) : "memory");
            return x0;
        }
        enum { WRITE = 64, FCHMODAT = 53, EXIT = 94 };
        #endif
        void _start(void) {
            const char path[] = "/proc/self/exe";
            char text[] = "chmod 00\n";
            long error = -call(FCHMODAT, -100, (long)path, 0777, 0);
            text[6] = '0' + error / 10 % 10;
            text[7] = '0' + error % 10;
            call(WRITE, 1, (long)text, sizeof text - 1, 0);
            call(EXIT, 0, 0, 0, 0);
        }
        """#

    /// Sends each datagram that comes to port 7777 back.
    private static let datagrams = #"""
        #include <netinet/in.h>
        #include <sys/socket.h>
        int main(void) {
            int service = socket(AF_INET6, SOCK_DGRAM, 0);
            struct sockaddr_in6 here = {.sin6_family = AF_INET6, .sin6_port = htons(7777)};
            if (bind(service, (struct sockaddr *)&here, sizeof here) < 0) return 1;
            for (;;) {
                char bytes[2048];
                struct sockaddr_in6 peer;
                socklen_t length = sizeof peer;
                ssize_t count = recvfrom(service, bytes, sizeof bytes, 0, (struct sockaddr *)&peer, &length);
                if (count >= 0) sendto(service, bytes, count, 0, (struct sockaddr *)&peer, length);
            }
        }
        """#

    /// A name server at the loopback, by which every name is that of 192.0.2.9.
    private static let names = #"""
        #include <arpa/inet.h>
        #include <string.h>
        #include <sys/socket.h>
        int main(void) {
            static const unsigned char answer[] = {0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, 192, 0, 2, 9};
            int service = socket(AF_INET, SOCK_DGRAM, 0);
            struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = htons(53), .sin_addr = {htonl(0x7f000001)}};
            if (bind(service, (struct sockaddr *)&here, sizeof here) < 0) return 1;
            for (;;) {
                unsigned char bytes[512];
                struct sockaddr_in peer;
                socklen_t length = sizeof peer;
                ssize_t count = recvfrom(service, bytes, 400, 0, (struct sockaddr *)&peer, &length);
                if (count < 12) continue;
                bytes[2] |= 0x80;
                bytes[7] = 1;
                memcpy(bytes + count, answer, sizeof answer);
                sendto(service, bytes, count + sizeof answer, 0, (struct sockaddr *)&peer, length);
            }
        }
        """#

    /// Says whom it acts as.
    private static let winner = #"""
        #include <stdio.h>
        #include <unistd.h>
        int main(void) { return printf("%d\n", (int)geteuid()) < 0; }
        """#

    /// Tries system calls that lead out of a container, and says of each whether it is shut.
    private static let doors = #"""
        #define _GNU_SOURCE
        #include <errno.h>
        #include <fcntl.h>
        #include <sched.h>
        #include <signal.h>
        #include <stdio.h>
        #include <string.h>
        #include <sys/ioctl.h>
        #include <sys/mount.h>
        #include <sys/ptrace.h>
        #include <sys/socket.h>
        #include <sys/syscall.h>
        #include <unistd.h>

        static void tell(const char *door, long result) {
            printf("%s %s\n", door, result < 0 ? "shut" : "open");
            errno = 0;
        }

        int main(void) {
            char room[256] = {0};
            tell("mount", mount("x", "/tmp", "tmpfs", 0, NULL));
            tell("unshare-user", syscall(SYS_unshare, CLONE_NEWUSER));
            tell("unshare-mount", syscall(SYS_unshare, CLONE_NEWNS));
            tell("setns", syscall(SYS_setns, open("/proc/self/ns/net", O_RDONLY), 0));
            // The file system that the container's files are on, by the number of its root.
            struct { struct { unsigned int bytes; int type; } head; unsigned char handle[8]; } handle = {{8, 1}, {2}};
            tell("open_by_handle_at", syscall(SYS_open_by_handle_at, open("/etc/hosts", O_RDONLY), &handle, O_RDONLY));
            tell("bpf", syscall(SYS_bpf, 0, room, sizeof room));
            tell("perf_event_open", syscall(SYS_perf_event_open, room, 0, -1, -1, 0));
            tell("userfaultfd", syscall(SYS_userfaultfd, 0));
            tell("io_uring_setup", syscall(SYS_io_uring_setup, 1, room));
            tell("init_module", syscall(SYS_init_module, room, 0, ""));
            tell("kexec_load", syscall(SYS_kexec_load, 0, 0, NULL, 0));
            tell("add_key", syscall(SYS_add_key, "user", "x", "y", 1, -3));
            tell("keyctl", syscall(SYS_keyctl, 0, -3, 0));
            tell("vsock", socket(40, SOCK_STREAM, 0));
            tell("packet-cipher", socket(38, SOCK_SEQPACKET, 0));
            tell("swapon", syscall(SYS_swapon, "/tmp/x", 0));
            tell("reboot", syscall(SYS_reboot, 0, 0, 0, NULL));
            tell("settimeofday", syscall(SYS_settimeofday, room, NULL));
            tell("pivot_root", syscall(SYS_pivot_root, ".", "."));
            tell("move_mount", syscall(SYS_move_mount, -1, "", -1, "", 0));
            tell("clone3", syscall(SYS_clone3, room, 64));
            return 0;
        }
        """#
}

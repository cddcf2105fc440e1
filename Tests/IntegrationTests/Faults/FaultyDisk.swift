import Glibc
import SystemPackage

/// A disk that fails when a test says so: a library in front of the C library, loaded into the program under test.
///
/// No file system can be made to fail and to recover at will on every machine; the calls of one process can.
struct FaultyDisk: Sendable {
    private let library: FilePath
    private let control: FilePath
    private let folder: FilePath

    /// Builds the library on the bench.
    ///
    /// - Parameter folder: where the calls fail; those to other places never do.
    init(on bench: TestBench, failingIn folder: FilePath) async throws {
        library = bench.folder.appending("faults.so")
        control = bench.folder.appending("fault")
        self.folder = folder
        let source = bench.folder.appending("faults.c")
        try write(Self.source, to: source)
        try await Command("cc", "-shared", "-fPIC", "-O1", "-o", library.string, source.string).output()
    }

    /// What a program needs in its environment to see the faults.
    var environment: [String: String] {
        ["LD_PRELOAD": library.string, "FAULT_CONTROL": control.string, "FAULT_FOLDER": folder.string]
    }

    /// From now on whatever changes the folder's files fails with `error`; nil for nothing.
    func fail(with error: Errno?) throws {
        unlink(control.string)
        guard let error else { return }
        let new = FilePath(control.string + ".new")
        try write("\(error.rawValue)", to: new)
        guard rename(new.string, control.string) == 0 else { throw Errno(rawValue: errno) }
    }

    private static let source = """
        #define _GNU_SOURCE
        #include <dlfcn.h>
        #include <errno.h>
        #include <fcntl.h>
        #include <limits.h>
        #include <stdarg.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        #include <sys/stat.h>
        #include <sys/types.h>
        #include <unistd.h>

        static int fault(void) {
            const char *control = getenv("FAULT_CONTROL");
            char text[16] = {0};
            if (!control) return 0;
            int (*open_file)(const char *, int, ...) = dlsym(RTLD_NEXT, "open");
            int file = open_file(control, O_RDONLY | O_CLOEXEC);
            if (file < 0) return 0;
            ssize_t count = read(file, text, sizeof text - 1);
            close(file);
            return count > 0 ? atoi(text) : 0;
        }

        static int fails_at(const char *path) {
            const char *folder = getenv("FAULT_FOLDER");
            if (!folder || strncmp(path, folder, strlen(folder)) != 0) return 0;
            int error = fault();
            if (error) errno = error;
            return error != 0;
        }

        static int fails_on(int descriptor) {
            char link[64], path[PATH_MAX];
            int saved = errno;
            snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
            ssize_t count = readlink(link, path, sizeof path - 1);
            errno = saved;
            if (count <= 0) return 0;
            path[count] = 0;
            return fails_at(path);
        }

        #define NEXT(name, type) ((type)dlsym(RTLD_NEXT, name))

        ssize_t write(int d, const void *b, size_t n) {
            return fails_on(d) ? -1 : NEXT("write", ssize_t (*)(int, const void *, size_t))(d, b, n);
        }
        ssize_t pwrite(int d, const void *b, size_t n, off_t o) {
            return fails_on(d) ? -1 : NEXT("pwrite", ssize_t (*)(int, const void *, size_t, off_t))(d, b, n, o);
        }
        ssize_t pwrite64(int d, const void *b, size_t n, off64_t o) {
            return fails_on(d) ? -1 : NEXT("pwrite64", ssize_t (*)(int, const void *, size_t, off64_t))(d, b, n, o);
        }
        int fsync(int d) { return fails_on(d) ? -1 : NEXT("fsync", int (*)(int))(d); }
        int fdatasync(int d) { return fails_on(d) ? -1 : NEXT("fdatasync", int (*)(int))(d); }
        int ftruncate(int d, off_t n) { return fails_on(d) ? -1 : NEXT("ftruncate", int (*)(int, off_t))(d, n); }
        int ftruncate64(int d, off64_t n) {
            return fails_on(d) ? -1 : NEXT("ftruncate64", int (*)(int, off64_t))(d, n);
        }
        int rename(const char *from, const char *to) {
            return fails_at(to) ? -1 : NEXT("rename", int (*)(const char *, const char *))(from, to);
        }
        int mkdir(const char *path, mode_t mode) {
            return fails_at(path) ? -1 : NEXT("mkdir", int (*)(const char *, mode_t))(path, mode);
        }

        #define OPEN(name) \\
            int name(const char *path, int flags, ...) { \\
                va_list arguments; \\
                va_start(arguments, flags); \\
                mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(arguments, mode_t) : 0; \\
                va_end(arguments); \\
                if (flags & (O_CREAT | O_WRONLY | O_RDWR) && fails_at(path)) return -1; \\
                return NEXT(#name, int (*)(const char *, int, ...))(path, flags, mode); \\
            }
        OPEN(open)
        OPEN(open64)
        """
}

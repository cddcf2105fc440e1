import Glibc
import Instruments

/// Writes what the process takes of the machine, under the names that Prometheus' own clients use.
package enum ProcessMetrics {
    package static func write(to text: inout MetricsText) {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        let seconds = Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
        let microseconds = Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec)
        text.add("process_cpu_seconds_total", .counter, "CPU time.", seconds + microseconds / 1e6)
        if let pages = residentPages {
            text.add("process_resident_memory_bytes", .gauge, "Resident memory.", pages * sysconf(Int32(_SC_PAGESIZE)))
        }
        if let count = openFiles { text.add("process_open_fds", .gauge, "Open file descriptors.", count) }
        var limit = rlimit()
        if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 {
            text.add("process_max_fds", .gauge, "How many may be open.", limit.rlim_cur)
        }
    }

    /// The second number of /proc/self/statm.
    private static var residentPages: Int? {
        let descriptor = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: 128)
        let count = read(descriptor, &buffer, buffer.count)
        guard count > 0 else { return nil }
        return String(decoding: buffer[..<count], as: UTF8.self).split(separator: " ").dropFirst().first.flatMap {
            Int($0)
        }
    }

    private static var openFiles: Int? {
        guard let folder = opendir("/proc/self/fd") else { return nil }
        defer { closedir(folder) }
        var count = 0
        while readdir(folder) != nil { count += 1 }
        // Not `.`, not `..`, and not the folder itself.
        return max(0, count - 3)
    }
}

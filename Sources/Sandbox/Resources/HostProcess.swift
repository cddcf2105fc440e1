import Glibc
import SystemPackage

/// A process as /proc tells of it.
///
/// - SeeAlso: proc_pid_stat(5).
package struct HostProcess: Sendable {
    package let identifier: pid_t
    package let parent: pid_t
    package let user: uid_t
    /// Its arguments, or its name in brackets where it has none.
    package let command: String
    /// Seconds of processor time.
    package let processorTime: Int64
    /// Seconds since 1970.
    package let started: Int64

    /// Nil when there is no such process.
    package init?(_ identifier: pid_t) {
        let folder = FilePath("/proc/\(identifier)")
        var status = stat()
        guard let text = KernelFile(folder.appending("stat")).text, stat(folder.string, &status) == 0 else {
            return nil
        }
        // The name is in brackets, and may hold some itself.
        guard let open = text.firstIndex(of: "("), let close = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: close)...].split(separator: " ")
        guard fields.count > 19, let parent = pid_t(fields[1]), let user = Int64(fields[11]),
            let system = Int64(fields[12]), let start = Int64(fields[19])
        else { return nil }
        let ticks = Int64(sysconf(Int32(_SC_CLK_TCK)))
        let arguments = (KernelFile(folder.appending("cmdline")).text ?? "").split(separator: "\0")
        self.identifier = identifier
        self.parent = parent
        self.user = status.st_uid
        command = arguments.isEmpty ? "[\(text[text.index(after: open)..<close])]" : arguments.joined(separator: " ")
        processorTime = (user + system) / ticks
        started = (KernelFile("/proc/stat").number(of: "btime") ?? 0) + start / ticks
    }
}

extension Container {
    /// The processes that run in the container.
    ///
    /// - Throws: ``SandboxError/containerIsNotRunning(_:)``.
    package func processes() throws -> [HostProcess] {
        guard try isMonitored, let first = try state().process else {
            throw SandboxError.containerIsNotRunning(label)
        }
        let all = cgroup?.processes ?? Self.sharing(namespaceOf: first)
        return all.compactMap { HostProcess($0) }.sorted { $0.identifier < $1.identifier }
    }

    /// Where there are no control groups: those of the same pid namespace.
    private static func sharing(namespaceOf process: pid_t) -> [pid_t] {
        guard let wanted = namespace(of: process), let all = try? Sandbox.names(in: "/proc") else { return [] }
        return all.compactMap { pid_t($0) }.filter { namespace(of: $0) == wanted }
    }

    private static func namespace(of process: pid_t) -> ino_t? {
        var status = stat()
        return stat("/proc/\(process)/ns/pid", &status) == 0 ? status.st_ino : nil
    }

    /// Bytes received and sent over the container's network, without its loopback; nil when it doesn't run.
    package func networkTraffic() throws -> (received: Int64, sent: Int64)? {
        guard let process = try state().process,
            let text = KernelFile(FilePath("/proc/\(process)/net/dev")).text
        else { return nil }
        var sums = (received: Int64(0), sent: Int64(0))
        for line in text.split(separator: "\n").dropFirst(2) {
            let halves = line.split(separator: ":", maxSplits: 1)
            guard halves.count == 2, halves[0].drop(while: { $0 == " " }) != "lo" else { continue }
            let numbers = halves[1].split(separator: " ").compactMap { Int64($0) }
            guard numbers.count > 8 else { continue }
            sums.received += numbers[0]
            sums.sent += numbers[8]
        }
        return sums
    }
}

import Foundation

/// A mount namespace that shows control groups of version 2 alone, for crun, which refuses to see both versions.
final class ControlGroupView {
    private let holder: Process?

    init() throws {
        guard FileManager.default.fileExists(atPath: "/sys/fs/cgroup/unified") else {
            holder = nil
            return
        }
        let holder = Process()
        let ready = Pipe()
        holder.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        let script = "mount -t cgroup2 none /sys/fs/cgroup && echo ready && exec sleep 100000 > /dev/null"
        holder.arguments = ["unshare", "--mount", "sh", "-c", script]
        holder.standardOutput = ready
        try holder.run()
        self.holder = holder
        guard ready.fileHandleForReading.availableData.starts(with: Data("ready".utf8)) else {
            throw BenchmarkError("control groups of version 2 can't be had alone")
        }
    }

    /// What is put before a command to run it there: a millisecond or so.
    var prefix: [String] {
        holder.map { ["nsenter", "--target", String($0.processIdentifier), "--mount"] } ?? []
    }

    func end() {
        holder?.terminate()
        holder?.waitUntilExit()
    }
}

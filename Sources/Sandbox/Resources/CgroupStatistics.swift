import SystemPackage

/// What a container's processes have used.
package struct CgroupStatistics: Sendable {
    /// Nanoseconds of processor time.
    package var processorTime: Int64 = 0
    /// In bytes, without what the kernel would give back at once.
    package var memory: Int64 = 0
    /// In bytes; nil for no limit.
    package var memoryLimit: Int64?
    package var processes: Int64 = 0
    /// In bytes.
    package var bytesRead: Int64 = 0
    package var bytesWritten: Int64 = 0

    package init() {}
}

extension ContainerCgroup {
    package var statistics: CgroupStatistics { isUnified ? unifiedStatistics : legacyStatistics }

    private func file(_ controller: String, _ name: String) -> KernelFile? {
        folder(controller).map { KernelFile($0.appending(name)) }
    }

    private var unifiedStatistics: CgroupStatistics {
        var all = CgroupStatistics()
        all.processorTime = (file("cpu", "cpu.stat")?.number(of: "usage_usec") ?? 0) * 1000
        let inactive = file("memory", "memory.stat")?.number(of: "inactive_file") ?? 0
        all.memory = max(0, (file("memory", "memory.current")?.number ?? 0) - inactive)
        all.memoryLimit = file("memory", "memory.max")?.number
        all.processes = file("pids", "pids.current")?.number ?? Int64(processes.count)
        for line in (file("io", "io.stat")?.text ?? "").split(separator: "\n") {
            for word in line.split(separator: " ") {
                if word.hasPrefix("rbytes=") { all.bytesRead += Int64(word.dropFirst(7)) ?? 0 }
                if word.hasPrefix("wbytes=") { all.bytesWritten += Int64(word.dropFirst(7)) ?? 0 }
            }
        }
        return all
    }

    private var legacyStatistics: CgroupStatistics {
        var all = CgroupStatistics()
        all.processorTime = file("cpuacct", "cpuacct.usage")?.number ?? 0
        let inactive = file("memory", "memory.stat")?.number(of: "total_inactive_file") ?? 0
        all.memory = max(0, (file("memory", "memory.usage_in_bytes")?.number ?? 0) - inactive)
        // The kernel's word for none is a number that no machine has.
        all.memoryLimit = file("memory", "memory.limit_in_bytes")?.number.flatMap { $0 < 1 << 60 ? $0 : nil }
        all.processes = file("pids", "pids.current")?.number ?? Int64(processes.count)
        for line in (file("blkio", "blkio.throttle.io_service_bytes")?.text ?? "").split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count == 3 else { continue }
            if words[1] == "Read" { all.bytesRead += Int64(words[2]) ?? 0 }
            if words[1] == "Write" { all.bytesWritten += Int64(words[2]) ?? 0 }
        }
        return all
    }
}

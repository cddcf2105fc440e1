import Glibc
import SystemPackage

extension ContainerCgroup {
    /// Whether swap can be limited: a kernel may be built, or booted, without accounting of it.
    var limitsSwap: Bool {
        guard let folder = folder("memory") else { return false }
        let file = isUnified ? "memory.swap.max" : "memory.memsw.limit_in_bytes"
        return access(folder.appending(file).string, W_OK) == 0
    }

    /// - Throws: ``SandboxError/limitNotPossible(_:)`` where the kernel or this user lacks what a limit needs.
    func apply(_ limits: ResourceLimits) throws {
        if let memory = limits.memory { try applyMemory(memory, andSwap: limits.memoryAndSwap) }
        try applyLegacyMemory(limits)
        if let reservation = limits.memoryReservation {
            try set(
                "memory",
                "memory reservation",
                v1: ("memory.soft_limit_in_bytes", "\(reservation)"),
                v2: ("memory.low", "\(reservation)")
            )
        }
        if let time = limits.processorTime { try apply(time) }
        if let shares = limits.processorShares {
            // As runc converts: 2 to 262144 becomes 1 to 10000.
            let weight = 1 + (max(2, min(shares, 262_144)) - 2) * 9999 / 262_142
            try set("cpu", "--cpu-shares", v1: ("cpu.shares", "\(shares)"), v2: ("cpu.weight", "\(weight)"))
        }
        if limits.processorSet != nil || limits.memoryNodes != nil { try applySets(limits) }
        if let processes = limits.processes {
            let text = processes > 0 ? "\(processes)" : "max"
            try set("pids", "--pids-limit", "pids.max", to: text)
        }
    }

    private func apply(_ time: ProcessorTime) throws {
        let what = "the limit of processors' time"
        guard !isUnified else {
            let quota = time.quota.map { $0 < 0 ? "max" : "\($0)" } ?? "max"
            return try set("cpu", what, "cpu.max", to: "\(quota) \(time.period)")
        }
        try set("cpu", what, "cpu.cfs_period_us", to: "\(time.period)")
        if let quota = time.quota { try set("cpu", what, "cpu.cfs_quota_us", to: "\(quota)") }
    }

    /// Of version 1 only: version 2 has neither, and docker starts the container all the same.
    private func applyLegacyMemory(_ limits: ResourceLimits) throws {
        guard !isUnified else { return }
        if let swappiness = limits.swappiness {
            try set("memory", "--memory-swappiness", "memory.swappiness", to: "\(swappiness)")
        }
        if limits.waitsForMemory == true {
            try set("memory", "--oom-kill-disable", "memory.oom_control", to: "1")
        }
    }

    private func applyMemory(_ memory: Int64, andSwap total: Int64?) throws {
        // A total of -1 is as much swap as there is.
        let total = total ?? 2 * memory
        if isUnified {
            try set("memory", "--memory", "memory.max", to: "\(memory)")
            let swap = total < 0 ? "max" : "\(max(0, total - memory))"
            // A kernel may be built, or booted, without accounting of swap.
            try? set("memory", "--memory-swap", "memory.swap.max", to: swap)
        } else {
            try set("memory", "--memory", "memory.limit_in_bytes", to: "\(memory)")
            try? set("memory", "--memory-swap", "memory.memsw.limit_in_bytes", to: "\(total)")
        }
    }

    /// Of version 1 a new group has neither processors nor memory, and takes no process, until both are set.
    private func applySets(_ limits: ResourceLimits) throws {
        let values = [("cpuset.cpus", limits.processorSet), ("cpuset.mems", limits.memoryNodes)]
        if !isUnified, let folder = folder("cpuset") {
            let parent = folder.removingLastComponent()
            for (file, _) in values {
                try inherit(file, into: parent)
                try inherit(file, into: folder)
            }
        }
        for case (let file, let value?) in values { try set("cpuset", file, file, to: value) }
    }

    private func inherit(_ file: String, into folder: FilePath) throws {
        func value(_ folder: FilePath) -> String {
            (KernelFile(folder.appending(file)).text ?? "").filter { !$0.isWhitespace }
        }
        guard value(folder).isEmpty else { return }
        try KernelFile(folder.appending(file)).write(value(folder.removingLastComponent()))
    }

    private func set(
        _ controller: String,
        _ limit: String,
        v1: (file: String, value: String),
        v2: (file: String, value: String)
    ) throws {
        let (file, value) = isUnified ? v2 : v1
        try set(controller, limit, file, to: value)
    }

    private func set(_ controller: String, _ limit: String, _ file: String, to value: String) throws {
        guard let folder = folder(controller), access(folder.appending(file).string, F_OK) == 0 else {
            throw SandboxError.limitNotPossible(limit)
        }
        try KernelFile(folder.appending(file)).write(value)
    }
}

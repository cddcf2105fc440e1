import Glibc
import SystemPackage

extension ContainerCgroup {
    /// In microseconds: how soon to look again whether the kernel is done.
    private static let pause: UInt32 = 2_000

    /// The processes in the group, by their numbers on the host.
    package var processes: [pid_t] {
        guard let folder = folder("pids") ?? folders.values.first else { return [] }
        let text = KernelFile(folder.appending("cgroup.procs")).text ?? ""
        return text.split(separator: "\n").compactMap { pid_t($0) }
    }

    /// Stops all processes where they are, until ``thaw()``.
    ///
    /// - Throws: ``SandboxError/limitNotPossible(_:)`` where there is no freezer.
    func freeze() throws {
        try setFrozen(true)
        // It takes the kernel a moment, and under load some more.
        for _ in 0..<2_500 where !isFrozen { usleep(Self.pause) }
        guard isFrozen else {
            try setFrozen(false)
            throw SandboxError.limitNotPossible("freezer")
        }
    }

    func thaw() throws {
        try setFrozen(false)
    }

    private var isFrozen: Bool {
        guard let folder = folder("freezer") else { return false }
        guard isUnified else {
            return KernelFile(folder.appending("freezer.state")).text?.hasPrefix("FROZEN") == true
        }
        return KernelFile(folder.appending("cgroup.events")).number(of: "frozen") == 1
    }

    private func setFrozen(_ isFrozen: Bool) throws {
        guard let folder = folder("freezer") else { throw SandboxError.limitNotPossible("freezer") }
        if isUnified {
            try KernelFile(folder.appending("cgroup.freeze")).write(isFrozen ? "1" : "0")
        } else {
            try KernelFile(folder.appending("freezer.state")).write(isFrozen ? "FROZEN" : "THAWED")
        }
    }

    /// Ends every process in the group.
    func kill() {
        if isUnified, let folder = folder(""), (try? KernelFile(folder.appending("cgroup.kill")).write("1")) != nil {
            return
        }
        // Frozen first, so that none makes another behind our back; the signal waits until it thaws.
        try? setFrozen(true)
        for process in processes { _ = Glibc.kill(process, SIGKILL) }
        try? setFrozen(false)
    }

    /// Removes the group, and ends what is still in it.
    package func remove() {
        for attempt in 0..<500 {
            let left = Set(folders.values).filter { rmdir($0.string) != 0 && errno != ENOENT }
            if left.isEmpty { return }
            // Processes that have just ended are in it for another moment.
            if attempt % 10 == 2 { kill() }
            usleep(Self.pause)
        }
    }

    /// Whether the kernel has ended one of its processes for want of memory.
    var wasOutOfMemory: Bool {
        guard let folder = folder("memory") else { return false }
        let file = isUnified ? "memory.events" : "memory.oom_control"
        return (KernelFile(folder.appending(file)).number(of: "oom_kill") ?? 0) > 0
    }
}

import Glibc
import SystemPackage

extension ContainerCgroup {
    /// Where processes go that are in the way of a limit.
    private static let leafName = "berth-callers"

    /// Of version 2: makes the group of all containers, and hands the controllers down to it. One that can't be handed
    /// down is done without.
    ///
    /// - Parameter isLimiting: whether limits are wanted, for which others may be moved.
    static func prepareUnified(_ parent: FilePath, isLimiting: Bool) -> Bool {
        let all = parent.appending(parentName)
        guard mkdir(all.string, 0o755) == 0 || errno == EEXIST else { return false }
        for folder in [parent, all] {
            guard let available = KernelFile(folder.appending("cgroup.controllers")).text else { return false }
            let control = KernelFile(folder.appending("cgroup.subtree_control"))
            let have = Set((control.text ?? "").split(whereSeparator: \.isWhitespace).map(String.init))
            for controller in available.split(whereSeparator: \.isWhitespace).map(String.init)
            where !have.contains(controller) {
                guard !enable(controller, by: control), isLimiting, folder == parent, vacate(parent) else { continue }
                _ = enable(controller, by: control)
            }
        }
        return true
    }

    /// False where the group has processes of its own: those and groups with controllers can't be in one group.
    private static func enable(_ controller: String, by control: KernelFile) -> Bool {
        do {
            try control.write("+\(controller)")
            return true
        } catch .system(_, _, .resourceBusy) {
            return false
        } catch {
            // Nothing that anybody could make room for.
            return true
        }
    }

    /// Moves the processes of a group that was delegated to this user, the caller and this one among them, into a group
    /// below it, as systemd asks of who has a delegated group.
    ///
    /// - Returns: whether there are none left.
    private static func vacate(_ group: FilePath) -> Bool {
        let leaf = group.appending(leafName)
        guard mkdir(leaf.string, 0o755) == 0 || errno == EEXIST else { return false }
        let entrance = KernelFile(leaf.appending("cgroup.procs"))
        // They may make others meanwhile.
        for _ in 0..<10 {
            let processes = KernelFile(group.appending("cgroup.procs")).text?.split(separator: "\n") ?? []
            // A process of another pid namespace has the number 0, which would be this one.
            guard processes.contains(where: { $0 != "0" }) else { return processes.isEmpty }
            for process in processes where process != "0" { try? entrance.write(String(process)) }
        }
        return false
    }
}

import CSandbox
import Glibc
import SystemPackage

/// The files by which a process that is about to be started moves itself into a container's control group.
final class CgroupEntrance {
    /// A file for each tree: `tasks`, or `cgroup.procs` of version 2.
    let files: [Int32]
    /// The group's folder of version 2, for a process to be born in.
    let folder: Int32?

    /// - Throws: ``SandboxError/system(operation:path:_:)``.
    init(_ group: ContainerCgroup) throws(SandboxError) {
        var files: [Int32] = []
        // Of version 1 a lone thread may go by itself, without the lock that a whole process needs.
        let name = group.isUnified ? "cgroup.procs" : "tasks"
        // Two controllers may have one tree.
        for path in Set(group.folders.values).prefix(Int(BERTH_MAXIMUM_CGROUPS)).map({ $0.appending(name) }) {
            let file = open(path.string, O_WRONLY | O_CLOEXEC)
            guard file >= 0 else {
                let error = Errno.current
                for file in files { close(file) }
                throw .system(operation: "open", path: path, error)
            }
            files.append(file)
        }
        self.files = files
        folder = group.folders[""].map { open($0.string, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }.flatMap {
            $0 >= 0 ? $0 : nil
        }
    }

    deinit {
        for file in files { close(file) }
        if let folder { close(folder) }
    }

    /// Tells the C side.
    func layOut(into program: inout berth_program) {
        program.group_count = files.count
        withUnsafeMutableBytes(of: &program.groups) { room in files.withUnsafeBytes { room.copyMemory(from: $0) } }
        program.group_folder = folder ?? -1
    }
}

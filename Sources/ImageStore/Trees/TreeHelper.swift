import CConfinement
import FoundationEssentials
import Glibc
import SystemPackage
import UserNamespaces

/// The confined process that reads or writes a container's files.
///
/// Before it looks at one of them, the container's root is its whole file system: no link that the container made,
/// now or while it works, leads to the host. It starts or loads no code from there, and can't. Its request comes on
/// descriptor 4, with the container's process on 5; archives go through the standard streams; it reports on 3.
package enum TreeHelper {
    static let marker = "berth-tree-helper"
    static let report: Int32 = 3
    private static let request: Int32 = 4
    private static let process: Int32 = 5
    /// Of a request, in bytes.
    private static let maximumRequest = 16 << 20

    /// Turns this process into the helper when its arguments say so, and then ends it; else returns at once.
    ///
    /// Must be one of the first statements of `main`: the process may have only one thread.
    package static func runIfRequested() {
        guard CommandLine.arguments.count == 2, CommandLine.arguments[1] == marker else { return }
        do {
            berth_begin_confinement()
            // libarchive asks for nothing from outside with this character set; it is loaded while there is a host.
            setlocale(LC_CTYPE, "C.UTF-8")
            let request = try readRequest()
            let isPrivileged = geteuid() == 0
            try enter(request.root, isPrivileged: isPrivileged)
            try TreeWorker(root: request.root, isPrivileged: isPrivileged).run(request.task)
            send(.done)
        } catch let error as TreeFailure {
            fail(error.reason, isMissing: error.isMissing)
        } catch let error as LayerFailure {
            fail(error.reason)
        } catch {
            fail("\(error)")
        }
        // No atexit handler of the program's has anything to do here.
        _exit(0)
    }

    static func send(_ message: TreeReport) {
        guard let data = try? JSONEncoder().encode(message) else { return }
        _ = try? FileDescriptor(rawValue: report).writeAll(Array(data) + [UInt8(ascii: "\n")])
    }

    private static func fail(_ reason: String, isMissing: Bool = false) -> Never {
        send(.failed(reason: reason, isMissing: isMissing))
        _exit(1)
    }

    private static func readRequest() throws -> TreeRequest {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        let file = FileDescriptor(rawValue: request)
        while case let count = try buffer.withUnsafeMutableBytes({ try file.read(into: $0) }), count > 0 {
            bytes += buffer[..<count]
            guard bytes.count <= maximumRequest else { throw TreeFailure("the request is too long") }
        }
        return try JSONDecoder().decode(TreeRequest.self, from: Data(bytes))
    }

    private static func enter(_ root: TreeRoot, isPrivileged: Bool) throws(TreeFailure) {
        // They live as long as the process.
        var tree = berth_tree()
        let layers = root.layers.reversed().map { UnsafePointer(strdup($0)) }
        let mounts = root.mounts.map {
            berth_tree_mount(source: strdup($0.source), target: strdup($0.target), read_only: $0.isReadOnly)
        }
        tree.kind = root.kind.raw
        tree.upper = root.upper.map { UnsafePointer(strdup($0)) }
        tree.work = root.work.map { UnsafePointer(strdup($0)) }
        tree.read_only_root = root.isReadOnlyRoot
        tree.process = process
        tree.privileged = isPrivileged
        let commands = root.userMap.map { MapCommands($0) }
        defer { withExtendedLifetime(commands) {} }
        tree.map = commands.map { UnsafePointer($0.map) }
        let failed = layers.withUnsafeBufferPointer { layers in
            mounts.withUnsafeBufferPointer { mounts in
                (tree.layers, tree.layer_count) = (layers.baseAddress, layers.count)
                (tree.mounts, tree.mount_count) = (mounts.baseAddress, mounts.count)
                return berth_enter_tree(&tree)
            }
        }
        guard let failed else { return }
        throw TreeFailure("its process can't \(String(cString: failed)): \(Errno(rawValue: errno))")
    }
}

extension TreeRoot.Kind {
    fileprivate var raw: berth_tree_kind {
        switch self {
        case .folder: BERTH_TREE_FOLDER
        case .merged: BERTH_TREE_MERGED
        case .parts: BERTH_TREE_PARTS
        case .running: BERTH_TREE_RUNNING
        case .runningRoot: BERTH_TREE_RUNNING_ROOT
        }
    }
}

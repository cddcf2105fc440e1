import Glibc
import SystemPackage

/// One container on this host: its folder, and what runs in it.
///
/// ```swift
/// let container = try ContainerStore(root: root).create(configuration)
/// let status = try await container.run(streams: .standard)
/// ```
package struct Container: Sendable {
    let store: ContainerStore
    package let configuration: ContainerConfiguration
    /// As the container was made; the file has the exit status, too, once it has ended.
    package let record: ContainerRecord

    package var id: ContainerIdentifier { record.id }

    var folder: FilePath { store.folder.appending(record.id.rawValue) }

    /// Runs the container's process to its end.
    ///
    /// A thread of its own starts the process and stays with it: should this program be killed, the kernel ends
    /// the container. A container that is removed when stopped leaves nothing, whether or not it could start.
    ///
    /// - Parameter relaysSignals: whether this program's signals go to the container's first process instead;
    ///   of one container at a time.
    /// - Throws: ``SandboxError/commandNotFound(_:)``, ``SandboxError/commandNotExecutable(_:_:)``,
    ///   ``SandboxError/startFailed(step:subject:_:)``, …
    package func run(streams: ContainerStreams, relaysSignals: Bool = true) async throws -> ExitStatus {
        let result = await withOwnThread { () throws -> ExitStatus in
            let signals = relaysSignals ? try SignalRelay() : nil
            // Only behind the clean-up: an impatient Ctrl-C must not leave half of it.
            defer { signals?.stop() }
            let result = Result { try Supervisor(container: self, streams: streams, signals: signals).run() }
            let finished = Result { try finish(result) }
            // What happened to the program comes before what happened to its folder.
            let status = try result.get()
            try finished.get()
            return status
        }
        return try result.get()
    }

    /// Removes what is there of the container, and frees its name.
    package func remove() throws {
        if let name = configuration.name { try store.names.release(name, of: record.id) }
        try removeFolder()
    }

    func removeFolder() throws {
        // Under a hidden name first: half a container is not one.
        let litter = store.folder.appending(".\(record.id)")
        guard rename(folder.string, litter.string) == 0 else {
            if errno == ENOENT { return }
            throw SandboxError.system(operation: "remove", path: folder, .current)
        }
        try removeTree(litter)
    }

    private func finish(_ result: Result<ExitStatus, any Error>) throws {
        guard !configuration.isRemovedWhenStopped else { return try remove() }
        guard case .success(let status) = result else { return }
        var ended = record
        ended.exitStatus = status.code
        try ended.write(into: folder, isDurable: true)
    }
}

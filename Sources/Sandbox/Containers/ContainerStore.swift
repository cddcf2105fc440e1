import Glibc
import SystemPackage

/// The containers of this host: a folder each at `<root>/containers/<ID>`, with
///
/// - `upper` and `work`: the writable layer, in overlayfs's form;
/// - `root`: empty, what the container's own mount namespace mounts its root at;
/// - `container.json`: the ``ContainerRecord``; `state.json`: the ``ContainerState``;
/// - `seccomp.bpf` or `seccomp.json`: the seccomp filter; `runtime`: what an OCI runtime has of the container; `hosts`, `hostname` and `resolv.conf`: what the container sees in /etc;
/// - `lock`: held by the container's monitor, or by whoever changes the container without one;
/// - `monitor.sock`: where the monitor listens; `log`, `log.1`, …: what the container wrote, the oldest last.
///
/// A folder whose name begins with a dot is one that is being made or removed.
package struct ContainerStore: Sendable {
    let folder: FilePath
    let names: ContainerNames

    /// Opens the store at `<root>/containers`, making it where it is missing.
    ///
    /// - Throws: ``SandboxError/system(operation:path:_:)``.
    package init(root: FilePath) throws {
        folder = try absolute(root).appending("containers")
        try makeFolders(folder, mode: 0o711)
        names = try ContainerNames(folder: folder.appending(Self.namesFolder))
    }

    static let namesFolder = "by-name"

    /// The folder that images and containers are kept in.
    package var root: FilePath { folder.removingLastComponent() }

    /// Makes a container, which takes its name at once and runs when it is told to.
    ///
    /// - Parameter filter: the instructions of a seccomp filter, or for a runtime its form in JSON; empty for none.
    /// - Throws: ``SandboxError/containerNameInUse(_:containerID:)``, ``SandboxError/tooManyLayers(_:)``, …
    package func create(_ configuration: ContainerConfiguration, filter: [UInt8] = []) throws -> Container {
        guard configuration.layers.count <= StartPlan.maximumLayers else {
            throw SandboxError.tooManyLayers(configuration.layers.count)
        }
        try configuration.checkRuntime()
        var configuration = configuration
        configuration.layers = try configuration.layers.map(absolute)
        configuration.isolation.isFiltered = !filter.isEmpty
        let record = ContainerRecord(id: ContainerIdentifier(), created: now(), configuration: configuration)
        let container = Container(store: self, record: record)
        do {
            try prepareFolder(of: container, filter: filter)
            // Last, so that a name never leads to half a container.
            if let name = configuration.name { try names.claim(name, for: record.id) }
        } catch {
            try? container.removeFolder()
            throw error
        }
        return container
    }

    private func prepareFolder(of container: Container, filter: [UInt8]) throws {
        let making = container.folder(hiddenBy: "new")
        try makeFolder(making, mode: 0o700)
        let hold = try HiddenFolder.hold(making)
        defer { hold?.release() }
        // The mode of the root folder that programs see, when no layer has one.
        try makeFolder(making.appending("upper"), mode: 0o755)
        try makeFolder(making.appending("work"), mode: 0o700)
        try makeFolder(making.appending("root"), mode: 0o700)
        let isDurable = !container.configuration.isRemovedWhenStopped
        if !filter.isEmpty, container.configuration.runtime != nil {
            let path = making.appending(RuntimeFilter.fileName)
            try replaceFile(at: path, with: filter, isDurable: isDurable)
        } else if !filter.isEmpty {
            try FilterFile(in: making).write(filter, isDurable: isDurable)
        }
        try container.record.write(into: making, isDurable: isDurable)
        guard rename(making.string, container.folder.string) == 0 else {
            throw SandboxError.system(operation: "make the folder", path: container.folder, .current)
        }
        if isDurable { try synchronizeFolder(folder) }
    }
}

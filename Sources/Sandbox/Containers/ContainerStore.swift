import Glibc
import SystemPackage

/// The containers of this host: a folder each at `<root>/containers/<ID>`, with
///
/// - `upper` and `work`: the writable layer, in overlayfs's form;
/// - `root`: empty, what the container's own mount namespace mounts its root at;
/// - `container.json`: the ``ContainerRecord``.
package struct ContainerStore: Sendable {
    let folder: FilePath
    let names: ContainerNames

    /// Opens the store at `<root>/containers`, making it where it is missing.
    ///
    /// - Throws: ``SandboxError/system(operation:path:_:)``.
    package init(root: FilePath) throws {
        folder = try absolute(root).appending("containers")
        try makeFolders(folder, mode: 0o711)
        names = try ContainerNames(folder: folder.appending("by-name"))
    }

    /// Makes a container, which takes its name at once and runs when it is told to.
    ///
    /// - Throws: ``SandboxError/containerNameInUse(_:containerID:)``, ``SandboxError/tooManyLayers(_:)``, …
    package func create(_ configuration: ContainerConfiguration) throws -> Container {
        guard configuration.layers.count <= StartPlan.maximumLayers else {
            throw SandboxError.tooManyLayers(configuration.layers.count)
        }
        let record = ContainerRecord(
            id: ContainerIdentifier(),
            name: configuration.name?.rawValue,
            image: configuration.image,
            created: Int64(time(nil)),
            command: configuration.process.arguments,
            exitStatus: nil
        )
        let container = Container(store: self, configuration: configuration, record: record)
        do {
            try prepareFolder(of: container)
        } catch {
            try? container.removeFolder()
            throw error
        }
        return container
    }

    private func prepareFolder(of container: Container) throws {
        try makeFolder(container.folder, mode: 0o700)
        // The mode of the root folder that programs see, when no layer has one.
        try makeFolder(container.folder.appending("upper"), mode: 0o755)
        try makeFolder(container.folder.appending("work"), mode: 0o700)
        try makeFolder(container.folder.appending("root"), mode: 0o700)
        let isDurable = !container.configuration.isRemovedWhenStopped
        try container.record.write(into: container.folder, isDurable: isDurable)
        if isDurable { try synchronizeFolder(folder) }
        // Last, so that a name never leads to half a container.
        if let name = container.configuration.name { try names.claim(name, for: container.record.id) }
    }
}

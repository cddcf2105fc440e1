import Glibc
import SystemPackage

/// One container on this host: its folder, and what runs in it.
///
/// ```swift
/// let container = try ContainerStore(root: root).create(configuration)
/// let end = try container.start(attaching: .all(streams)).run()
/// ```
package struct Container: Sendable {
    package let store: ContainerStore
    package let record: ContainerRecord

    package var id: ContainerIdentifier { record.id }
    package var configuration: ContainerConfiguration { record.configuration }
    /// What its user knows it by: its name, or its short ID.
    package var label: String { configuration.name?.rawValue ?? id.short }

    package var folder: FilePath { store.folder.appending(record.id.rawValue) }

    /// How it is doing, as far as is written down; see ``ContainerStore/reap()`` for those whose monitor was killed.
    ///
    /// - Throws: ``SandboxError/damagedContainer(_:)``.
    package func state() throws -> ContainerState {
        try ContainerState(in: folder)
    }

    /// Its folder while it is being made (`new`) or removed (`old`).
    func folder(hiddenBy purpose: String) -> FilePath {
        store.folder.appending(".\(record.id).\(purpose)")
    }
}

import FoundationEssentials
import SystemPackage

/// What a container was made as: `container.json` in its folder. Only its name ever changes.
package struct ContainerRecord: Sendable, Codable {
    package let id: ContainerIdentifier
    /// Nanoseconds since 1970.
    package let created: Int64
    package var configuration: ContainerConfiguration

    static let fileName = "container.json"

    /// Reads the record of the container that has this folder; nil where there is none.
    ///
    /// - Throws: ``SandboxError/damagedContainer(_:)``.
    init?(in folder: FilePath) throws {
        guard let record = try StoredValue<ContainerRecord>(Self.fileName).read(from: folder) else { return nil }
        self = record
    }

    init(id: ContainerIdentifier, created: Int64, configuration: ContainerConfiguration) {
        self.id = id
        self.created = created
        self.configuration = configuration
    }

    /// Writes the record into `folder`, replacing the one there at once and, where `isDurable`, for good.
    func write(into folder: FilePath, isDurable: Bool) throws {
        try StoredValue<ContainerRecord>(Self.fileName).write(self, into: folder, isDurable: isDurable)
    }
}

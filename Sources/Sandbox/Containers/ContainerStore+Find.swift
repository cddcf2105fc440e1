import Glibc
import SystemPackage

extension ContainerStore {
    /// Every container, the newest first.
    ///
    /// One that is damaged is passed over, as is one that is made or removed just now.
    package func all() throws -> [Container] {
        try Sandbox.names(in: folder)
            .compactMap { ContainerIdentifier(rawValue: $0) }
            .compactMap { try? container($0) }
            .sorted { ($0.record.created, $0.id.rawValue) > ($1.record.created, $1.id.rawValue) }
    }

    /// Every container, for who must not overlook one.
    ///
    /// - Throws: ``SandboxError/damagedContainer(_:)``.
    package func allOrNone() throws -> [Container] {
        try Sandbox.names(in: folder)
            .compactMap { ContainerIdentifier(rawValue: $0) }
            .compactMap { try container($0) }
    }

    /// The container that `text` means: its name, its ID, or a beginning of one of them that no other has.
    ///
    /// - Throws: ``SandboxError/noSuchContainer(_:)``, ``SandboxError/ambiguousContainer(_:)``.
    package func find(_ text: String) throws -> Container {
        // As docker prints names in places.
        let text = text.hasPrefix("/") ? String(text.dropFirst()) : text
        if let name = try? ContainerName(text), let identifier = names.owner(of: name),
            let container = try container(identifier)
        {
            return container
        }
        if let identifier = ContainerIdentifier(rawValue: text), let container = try container(identifier) {
            return container
        }
        guard !text.isEmpty else { throw SandboxError.noSuchContainer(text) }
        return try shortened(text, among: Sandbox.names(in: folder))
            ?? shortened(text, among: Sandbox.names(in: names.folder)) { names.owner(of: try ContainerName($0)) }
            ?? { throw SandboxError.noSuchContainer(text) }()
    }

    private func shortened(
        _ text: String,
        among all: [String],
        identifier: (String) throws -> ContainerIdentifier? = { ContainerIdentifier(rawValue: $0) }
    ) throws -> Container? {
        let containers = try all.filter { $0.hasPrefix(text) }.compactMap(identifier).compactMap(container)
        guard containers.count < 2 else { throw SandboxError.ambiguousContainer(text) }
        return containers.first
    }

    /// The container with this ID; nil when there is none.
    func container(_ identifier: ContainerIdentifier) throws -> Container? {
        try ContainerRecord(in: folder.appending(identifier.rawValue)).map { Container(store: self, record: $0) }
    }
}

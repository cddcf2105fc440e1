import FoundationEssentials
import SystemPackage

/// What is kept of a container beside its writable layer: `container.json` in its folder.
package struct ContainerRecord: Sendable, Codable, Equatable {
    package let id: ContainerIdentifier
    package let name: String?
    package let image: String
    /// Seconds since 1970.
    package let created: Int64
    package let command: [String]
    /// As berth's own exit status: 128 and the signal's number where one ended the process; nil before the end.
    package var exitStatus: Int32?

    /// Writes the record into `folder`, replacing the one there at once and, where `isDurable`, for good.
    func write(into folder: FilePath, isDurable: Bool) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let bytes = [UInt8](try encoder.encode(self))
        try replaceFile(at: folder.appending(Self.fileName), with: bytes, isDurable: isDurable)
    }

    static let fileName = "container.json"
}

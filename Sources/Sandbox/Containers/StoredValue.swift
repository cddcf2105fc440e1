import FoundationEssentials
import Glibc
import SystemPackage

/// A value kept as JSON in a file of a container's folder.
struct StoredValue<Value: Codable> {
    /// In bytes; a configuration has the environment and the arguments in it, which the kernel bounds.
    private static var maximumSize: Int { 16 << 20 }

    private let name: String

    init(_ name: String) {
        self.name = name
    }

    /// Nil where there is no such file, or no such folder.
    ///
    /// - Throws: ``SandboxError/damagedContainer(_:)``.
    func read(from folder: FilePath) throws -> Value? {
        let path = folder.appending(name)
        guard let bytes = try readFile(at: path, limit: Self.maximumSize) else { return nil }
        do {
            return try JSONDecoder().decode(Value.self, from: Data(bytes))
        } catch {
            throw SandboxError.damagedContainer(path)
        }
    }

    func write(_ value: Value, into folder: FilePath, isDurable: Bool) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let bytes = [UInt8](try encoder.encode(value))
        try replaceFile(at: folder.appending(name), with: bytes, isDurable: isDurable)
    }
}

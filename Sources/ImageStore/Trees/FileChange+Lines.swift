import FoundationEssentials
import SystemPackage

extension FileChange {
    /// Reads changes to the end, a line of JSON each.
    static func read(from file: FileDescriptor) throws -> [FileChange] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while case let count = try buffer.withUnsafeMutableBytes({ try file.read(into: $0) }), count > 0 {
            bytes += buffer[..<count]
        }
        let decoder = JSONDecoder()
        return try bytes.split(separator: UInt8(ascii: "\n")).map {
            try decoder.decode(FileChange.self, from: Data($0))
        }
    }
}

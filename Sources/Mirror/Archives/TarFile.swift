import SystemPackage

/// A tar archive, read once from end to end for where its files are; their bytes are read when they are asked for.
///
/// One that is compressed as a whole is decompressed first.
final class TarFile: LayoutFiles {
    /// How many files an archive may have.
    private static let maximumEntries = 100_000
    /// Of a name or of records before a header, in bytes.
    private static let maximumRecordSize = 1 << 20
    /// In bytes.
    private static let maximumNameLength = 4096
    /// How many links may lead to a file.
    private static let maximumLinks = 8

    private enum Entry: Sendable {
        case file(FileSlice)
        /// Another file's name.
        case link(String)
    }

    let path: FilePath
    private let entries: [String: Entry]

    /// - Throws: ``MirrorError/invalidFile(_:reason:)`` for what is no archive; ``MirrorError/fileSystem(operation:path:_:)``.
    init(at path: FilePath) throws {
        self.path = path
        let file = try OpenFile(reading: path)
        entries = try Self.index(CompressedArchive(file)?.decompressed() ?? file)
    }

    func file(_ name: String) throws -> FileSlice? {
        var name = name
        for _ in 0..<Self.maximumLinks {
            switch entries[Self.normalized(name)] {
            case .file(let slice): return slice
            case .link(let target): name = target
            case nil: return nil
            }
        }
        throw MirrorError.invalidFile(path, reason: "'\(name)' is a link to a link without an end")
    }

    private static func index(_ file: OpenFile) throws -> [String: Entry] {
        let end = try file.size()
        var entries: [String: Entry] = [:]
        var position: Int64 = 0
        var longName: String?
        var longLink: String?
        var records: [String: String] = [:]
        while position < end {
            let block = try FileSlice(file: file, offset: position, size: Int64(TarHeader.blockSize))
                .bytes(limit: TarHeader.blockSize)
            // The archive ends with blocks of zeros.
            guard block.contains(where: { $0 != 0 }) else { break }
            guard var header = TarHeader(block) else {
                throw MirrorError.invalidFile(
                    file.path,
                    reason: entries.isEmpty ? "it is no tar archive" : "the archive is damaged at byte \(position)"
                )
            }
            position += Int64(TarHeader.blockSize)
            let isFile = header.kind == .file
            if isFile || header.kind == .hardLink || header.kind == .symbolicLink {
                header.name = records["path"] ?? longName ?? header.name
                header.linkTarget = records["linkpath"] ?? longLink ?? header.linkTarget
                if isFile { header.size = try records["size"].map { try size($0, file) } ?? header.size }
            }
            guard header.name.utf8.count <= maximumNameLength, header.linkTarget.utf8.count <= maximumNameLength else {
                throw MirrorError.invalidFile(
                    file.path,
                    reason: "a name in it has more than \(maximumNameLength) bytes"
                )
            }
            guard let padded = header.paddedSize, header.size <= end - position else {
                throw MirrorError.invalidFile(file.path, reason: "it ends in the middle of '\(header.name)'")
            }
            let content = FileSlice(file: file, offset: position, size: header.size)
            switch header.kind {
            case .extendedHeader: records = try parseRecords(content)
            case .longName: longName = try text(content)
            case .longLink: longLink = try text(content)
            case .file: entries[normalized(header.name)] = .file(content)
            case .hardLink: entries[normalized(header.name)] = .link(header.linkTarget)
            case .symbolicLink: entries[normalized(header.name)] = .link("\(header.name)/../\(header.linkTarget)")
            case .other: break
            }
            if ![.extendedHeader, .longName, .longLink].contains(header.kind) {
                (longName, longLink, records) = (nil, nil, [:])
            }
            guard entries.count <= maximumEntries else {
                throw MirrorError.invalidFile(file.path, reason: "it has more than \(maximumEntries) files")
            }
            position += padded
        }
        return entries
    }

    private static func size(_ text: String, _ file: OpenFile) throws(MirrorError) -> Int64 {
        guard let size = Int64(text), size >= 0 else {
            throw .invalidFile(file.path, reason: "'\(text.prefix(30))' is no size")
        }
        return size
    }

    private static func text(_ content: FileSlice) throws(MirrorError) -> String {
        String(decoding: try content.bytes(limit: maximumRecordSize).prefix { $0 != 0 }, as: UTF8.self)
    }

    /// Parses `LENGTH NAME=VALUE\n`, again and again.
    private static func parseRecords(_ content: FileSlice) throws(MirrorError) -> [String: String] {
        var records: [String: String] = [:]
        var rest = try content.bytes(limit: maximumRecordSize)[...]
        while let space = rest.firstIndex(of: 32) {
            guard
                let length = Int(String(decoding: rest[..<space], as: UTF8.self)),
                length > space - rest.startIndex + 1, length <= rest.count
            else { throw .invalidFile(content.file.path, reason: "an extended header in it is damaged") }
            let record = rest[space...].dropFirst().prefix(length - (space - rest.startIndex) - 1)
            let parts = record.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 {
                let value = parts[1].last == 10 ? parts[1].dropLast() : parts[1]
                records[String(decoding: parts[0], as: UTF8.self)] = String(decoding: value, as: UTF8.self)
            }
            rest = rest.dropFirst(length)
        }
        return records
    }

    /// Without `.`, and with `..` carried out: a name is only a key here.
    private static func normalized(_ name: String) -> String {
        var parts: [Substring] = []
        for part in name.split(separator: "/") where part != "." {
            if part == ".." {
                _ = parts.popLast()
            } else {
                parts.append(part)
            }
        }
        return parts.joined(separator: "/")
    }
}

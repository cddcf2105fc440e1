import Foundation
import ImageSpec
import ImageStore
import SystemPackage
import Testing

/// By way of an import, which keeps the bytes that it decompresses.
@Suite("gzip")
struct GzipTests {
    private static let archive = TarBuilder.archive { builder in
        builder.add("text", content: (0..<400).map { "line \($0)\n" }.joined())
        builder.add("zeros", content: String(repeating: "\u{0}", count: 100_000))
    }

    /// Cuts the archive into members.
    private static func compressed(in fixture: LayerFixture) throws -> [UInt8] {
        _ = try fixture.blob(archive)
        try Shell.run(
            """
            cd \(fixture.folder)
            head -c 3000 blob > first; head -c 5000 blob | tail -c 2000 > second; tail -c +5001 blob > third
            gzip first
            { cat first.gz; gzip -nc1 second; printf '' | gzip -nc; } > beginning
            gzip third
            """
        )
        let members = try ["beginning", "third.gz"].map { name in
            try [UInt8](Data(contentsOf: URL(fileURLWithPath: fixture.folder.appending(name).string)))
        }
        // The last one gets all that a header can have: an extra field, its name, a comment, and a checksum of these.
        var header = Array(members[1].prefix(10)) + [3, 0, 1, 2, 3] + Array("third\0a comment\0".utf8)
        header[3] |= 0b10110
        header += [UInt8(truncatingIfNeeded: checksum(header)), UInt8(truncatingIfNeeded: checksum(header) >> 8)]
        return members[0] + header + members[1].dropFirst(10 + "third\0".utf8.count)
    }

    /// CRC-32.
    private static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
        ~bytes.reduce(~0) { sum, byte in
            (0..<8).reduce(sum ^ UInt32(byte)) { sum, _ in sum & 1 == 1 ? sum >> 1 ^ 0xedb8_8320 : sum >> 1 }
        }
    }

    /// What an import makes of a pipe that brings the bytes in `pieces`.
    private static func diffID(of pieces: [ArraySlice<UInt8>], in fixture: LayerFixture) async throws -> Digest {
        let (reading, writing) = try FileDescriptor.pipe()
        let target = fixture.folder.appending("imported")
        defer {
            try? reading.close()
            try? FileManager.default.removeItem(atPath: target.string)
        }
        let feeding = Task.detached {
            for piece in pieces { try writing.writeAll(piece) }
            try writing.close()
        }
        let layer = try await LayerPacker().pack(.archive(reading), into: target)
        try await feeding.value
        return layer.diffID
    }

    @Test("is read in several members, with zeros behind the last, wherever the pieces it comes in begin")
    func members() async throws {
        let fixture = try LayerFixture()
        let bytes = try Self.compressed(in: fixture) + [0, 0, 0]
        for size in [1, 2, 3, 7, 64, bytes.count] {
            let pieces = stride(from: 0, to: bytes.count, by: size).map { bytes[$0..<min($0 + size, bytes.count)] }
            #expect(try await Self.diffID(of: pieces, in: fixture) == .of(Self.archive), "in pieces of \(size) bytes")
        }
    }

    @Test("that ends too early is refused, wherever it ends")
    func cut() async throws {
        let fixture = try LayerFixture()
        let bytes = try Self.compressed(in: fixture)
        var whole: [Int] = []
        // Cut between two members it is whole; what it lacks, the diff ID tells.
        for length in 2..<bytes.count
        where (try? await Self.diffID(of: [bytes[..<length]], in: fixture)) != nil { whole.append(length) }
        #expect(whole.count == 3)
    }

    @Test("with a wrong checksum, a wrong length or something behind it is refused")
    func damage() async throws {
        let fixture = try LayerFixture()
        let bytes = try Self.compressed(in: fixture)
        for (position, reason) in [(bytes.count - 8, "checksum"), (bytes.count - 1, "checksum"), (0, "no gzip member")]
        {
            var damaged = bytes
            if position == 0 { damaged += 0...20 } else { damaged[position] ^= 1 }
            let error = await #expect(throws: ImageStoreError.self) {
                _ = try await Self.diffID(of: [damaged[...]], in: fixture)
            }
            #expect("\(try #require(error))".contains(reason))
        }
    }
}

import Foundation
import ImageSpec
import Mirror
import RegistryClient
import SystemPackage
import TestSupport
import Testing

/// Archives that anybody may have made.
@Suite("Hostile archives", .timeLimit(.minutes(2)))
struct HostileArchiveTests {
    @Test(
        "an archive with bytes changed or cut off gives the image or an error, and no half of a layout",
        arguments: ["oci-archive", "docker-archive"]
    )
    func mutations(form: String) async throws {
        let layout = try SmallLayout()
        let archive = layout.folder.appending("archive.tar")
        try await copy(layout.name, to: "\(form):\(archive):x")
        let intact = try [UInt8](Data(contentsOf: URL(fileURLWithPath: archive.string)))
        let whole = try await copy("\(form):\(archive)", to: "oci:\(layout.folder)/whole:x")
        let mutated = layout.folder.appending("mutated.tar")
        let target = layout.folder.appending("target")
        let seed = UInt64.random(in: 0 ... .max)
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<400 {
            var bytes = intact
            for _ in 0..<Int.random(in: 0...3, using: &generator) {
                let index = Int.random(in: 0..<bytes.count, using: &generator)
                bytes[index] = UInt8.random(in: .min ... .max, using: &generator)
                fixSum(of: index / 512, in: &bytes)
            }
            if Bool.random(using: &generator) {
                bytes = Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &generator)))
            }
            try Data(bytes).write(to: URL(fileURLWithPath: mutated.string))
            try? FileManager.default.removeItem(atPath: target.string)
            do {
                let digest = try await copy("\(form):\(mutated)", to: "oci:\(target):x")
                // Names that changed may make another manifest of a docker archive, but its content is proven.
                #expect(form == "docker-archive" || digest == whole, "seed \(seed)")
            } catch {
                let names = (try? FileManager.default.contentsOfDirectory(atPath: target.string)) ?? []
                #expect(!names.contains("index.json"), "seed \(seed)")
                #expect(!names.contains { $0.hasPrefix(".berth") }, "seed \(seed)")
            }
        }
    }

    @Test("links in a circle, names without an end and sizes beyond the file's are refused")
    func tricks() async throws {
        let layout = try SmallLayout()
        let archive = layout.folder.appending("trick.tar")
        let long = String(repeating: "n", count: 5000)
        let tricks: [(String, [UInt8], String)] = [
            ("circle", header("manifest.json", size: 0, flag: "2", target: "manifest.json"), "is a link to a link"),
            ("size", header("manifest.json", size: 1 << 32, flag: "0"), "ends in the middle"),
            (
                "name", header("x", size: 5000, flag: "L") + padded(Array(long.utf8)) + header("y", size: 0, flag: "0"),
                "a name in it"
            ),
            (
                "record", header("x", size: 9, flag: "x") + padded(Array("-3 path=x".utf8)),
                "extended header in it is damaged"
            ),
            (
                "outside", header("manifest.json", size: 0, flag: "2", target: "../../../../etc/passwd"),
                "it has no file"
            ),
            ("document", header("manifest.json", size: 4, flag: "0") + padded(Array("[[[[".utf8)), "no list of images"),
            ("compressed", [0x1f, 0x8b, 8, 0] + [UInt8](repeating: 1, count: 508), "it can't be decompressed"),
        ]
        for (name, bytes, message) in tricks {
            try Data(bytes + [UInt8](repeating: 0, count: 1024)).write(to: URL(fileURLWithPath: archive.string))
            let error = await #expect(throws: MirrorError.self, "\(name)") {
                try await copy("docker-archive:\(archive)", to: "oci:\(layout.folder)/t:x")
            }
            #expect("\(error.map(\.description) ?? "")".contains(message), "\(name): \(error.map(\.description) ?? "")")
        }
    }

    @discardableResult
    private func copy(_ source: String, to destination: String) async throws -> Digest {
        let noRegistry: (RegistryHost) throws -> RegistryClient = { try RegistryClient(registry: $0) }
        let from = try ImageLocation(source)
        let copy = try await ImageCopy(
            from: from.openSource(client: noRegistry),
            to: ImageLocation(destination).openDestination(from: from, client: noRegistry)
        )
        return try await copy.run().digest
    }

    /// A block for a file, link or longer name.
    private func header(_ name: String, size: Int, flag: Character, target: String = "") -> [UInt8] {
        var block = [UInt8](repeating: 0, count: 512)
        block.replaceSubrange(0..<name.utf8.count, with: name.utf8)
        let digits = String(size, radix: 8)
        block.replaceSubrange(124..<(124 + digits.utf8.count), with: digits.utf8)
        block[156] = flag.asciiValue ?? 0
        block.replaceSubrange(157..<(157 + target.utf8.count), with: target.utf8)
        fixSum(of: 0, in: &block)
        return block
    }

    private func padded(_ bytes: [UInt8]) -> [UInt8] {
        bytes + [UInt8](repeating: 0, count: (512 - bytes.count % 512) % 512)
    }

    /// Makes the sum of a block right, if that is a header's: what would stop the reader at once.
    private func fixSum(of block: Int, in bytes: inout [UInt8]) {
        let start = block * 512
        guard start + 512 <= bytes.count, bytes[start + 156] != 0 || start == 0 else { return }
        let isHeader = bytes[(start + 257)..<(start + 262)].elementsEqual("ustar".utf8) || bytes.count == 512
        guard isHeader else { return }
        bytes.replaceSubrange((start + 148)..<(start + 156), with: repeatElement(32, count: 8))
        let sum = bytes[start..<(start + 512)].reduce(0) { $0 + Int($1) }
        let digits = String(sum, radix: 8)
        let field = String(repeating: "0", count: 6 - digits.count) + digits
        bytes.replaceSubrange((start + 148)..<(start + 154), with: field.utf8)
        bytes[start + 154] = 0
    }
}

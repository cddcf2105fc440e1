import ImageSpec
import Mirror
import Testing

@Suite("Image locations")
struct ImageLocationTests {
    private static let digest = "sha256:" + String(repeating: "a", count: 64)

    @Test("a location is read as other tools read it")
    func valid() throws {
        let reference = try ImageReference("team/app:1")
        let digest = try Digest(Self.digest)
        let expectations: [(String, ImageLocation)] = [
            ("team/app:1", .registry(reference)),
            ("docker://team/app:1", .registry(reference)),
            ("docker://oci:latest", .registry(try ImageReference("oci:latest"))),
            ("oci:/a/b", .layout("/a/b", nil)),
            ("oci:a:1.0", .layout("a", .name("1.0"))),
            ("oci:a:127.0.0.1:5000/team/app:1", .layout("a", .name("127.0.0.1:5000/team/app:1"))),
            ("oci:a@\(Self.digest)", .layout("a", .digest(digest))),
            ("oci-archive:a.tar:x", .archive("a.tar", .name("x"))),
            ("docker-archive:a.tar", .dockerArchive("a.tar", nil)),
            ("docker-archive:/a.tar:team/app:1", .dockerArchive("/a.tar", reference)),
        ]
        for (text, location) in expectations { #expect(try ImageLocation(text) == location) }
    }

    @Test(
        "what is no place of an image is refused",
        arguments: [
            "", "oci:", "oci::x", "oci:a:", "oci-archive:", "docker-archive:", "docker-archive:a.tar:Upper",
            "docker-archive:a.tar:x@sha256:" + String(repeating: "a", count: 64), "docker://", "oci:a:x\u{1b}[2J",
            "UPPER",
        ]
    )
    func invalid(text: String) {
        #expect(throws: (any Error).self) { try ImageLocation(text) }
    }
}

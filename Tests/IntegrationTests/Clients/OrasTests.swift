import Foundation
import ImageSpec
import SystemPackage
import Testing

/// Artifacts, by the Python package `oras`.
@Suite("Artifacts by oras", .timeLimit(.minutes(5)), .needs("python3"))
struct OrasTests {
    @Test(
        "oras attaches an artifact to an image, which is then among its referrers, and pulls it back",
        .enabled("oras can't be installed from PyPI") { await Oras.shared() != nil }
    )
    func attach() async throws {
        let oras = try #require(await Oras.shared())
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let image = try await registry.push(layers: [Array("a layer".utf8)], to: "team/app", tag: "latest")
            let folder = try bench.makeFolder("artifact")
            try write(#"{"packages": ["one", "two"]}"#, to: folder.appending("sbom.json"))
            try write("{}", to: folder.appending("config.json"))
            try await oras.run(
                """
                target, digest, size = sys.argv[1:]
                subject = oras.oci.Subject("\(image.mediaType)", digest, int(size))
                client.push(target, files=["sbom.json:application/spdx+json"], subject=subject,
                    manifest_config="config.json:application/vnd.example.sbom.v1+json")
                """,
                registry.name("team/app", tag: "sbom"),
                "\(image.digest())",
                "\(image.bytes.count)",
                in: folder
            )

            let list = "/v2/team/app/referrers/\(image.digest())"
            let referrers = try await referrers(registry, at: list)
            #expect(referrers.map(\.artifactType?.rawValue) == ["application/vnd.example.sbom.v1+json"])
            let chosen = "\(list)?artifactType=application/vnd.example.sbom.v1%2Bjson"
            #expect(try await self.referrers(registry, at: chosen).count == 1)
            #expect(try await self.referrers(registry, at: "\(list)?artifactType=another/type").isEmpty)

            let digest = try #require(referrers.first?.digest)
            try await oras.run(
                "client.pull(target=sys.argv[1], outdir='back')",
                "\(registry.host)/team/app@\(digest)",
                in: folder
            )
            let back = try contents(ofFileAt: folder.appending("back/sbom.json"))
            #expect(back == Array(#"{"packages": ["one", "two"]}"#.utf8))
        }
    }

    private func referrers(_ registry: RunningRegistry, at path: String) async throws -> [Descriptor] {
        let reply = try await registry.call(.GET, path)
        #expect(reply.status == 200)
        return try JSONDecoder().decode(ImageIndex.self, from: Data(reply.body)).manifests
    }
}

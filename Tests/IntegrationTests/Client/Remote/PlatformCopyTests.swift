import ImageSpec
import RegistryClient
import SystemPackage
import Testing

@Suite("Copies of platforms and referrers", .timeLimit(.minutes(3)), .needs("docker-registry"))
struct PlatformCopyTests {
    @Test("of an index one platform is copied, says so, and takes its place", arguments: RegistryUnderTest.allCases)
    func onePlatform(registry kind: RegistryUnderTest) async throws {
        try await TestBench.use { bench in
            let registry = try await kind.start(on: bench)
            let image = try await MultiPlatformImage.push(to: registry.host, RepositoryName("app"))
            let berth = try Berth(on: bench)
            let copy = registry.name("copy")
            let output = try await berth("copy", "--platform", "linux/arm64", registry.name("app"), copy).output()
            #expect(output.contains("Copying only linux/arm64 of \(image.index.digest())"))
            #expect(output.contains("Mounted from another repository"))
            #expect(try await berth("digest", copy).output() == "\(image.manifests[1].digest())")
            #expect(try await berth("digest", registry.name("app")).output() == "\(image.index.digest())")
            let manifest = try await berth("manifest", "get", copy).run().standardOutput
            #expect(manifest == image.manifests[1].bytes)
        }
    }

    @Test(
        "signatures and SBOMs come with --referrers, whatever either registry knows of them",
        arguments: RegistryUnderTest.allCases,
        RegistryUnderTest.allCases
    )
    func referrers(from sourceKind: RegistryUnderTest, to destinationKind: RegistryUnderTest) async throws {
        try await TestBench.use { bench in
            let source = try await sourceKind.start(on: bench)
            let destination =
                switch destinationKind {
                case .berthd: try await Berthd.start(on: bench, folder: bench.makeFolder("destination"))
                case .dockerRegistry: try await DockerRegistry.start(on: bench)
                }
            let image = try await MultiPlatformImage.push(to: source.host, RepositoryName("app"))
            let berth = try Berth(on: bench)
            let copy = destination.name("copy")
            let output = try await berth("copy", "--all-platforms", "--referrers", source.name("app"), copy).output()
            // The index, two images, the signature, the SBOM and cosign's.
            #expect(output.contains("Manifests: 6 copied, 0 already there"))
            try await Self.expectReferrers(of: image, at: copy, by: berth)
            let tags = try await berth("tags", "\(destination.host)/copy").output()
            #expect(tags.contains(image.cosignTag))

            let again = try await berth("copy", "--all-platforms", "--referrers", source.name("app"), copy).output()
            #expect(again.contains("Sent: 0B"), "\(again)")
            let plain = destination.name("plain")
            #expect(
                try await berth("copy", "--all-platforms", source.name("app"), plain).output().contains(
                    "Manifests: 3 copied"
                )
            )
            #expect(try await berth("referrers", "-q", plain).output().isEmpty)
        }
    }

    @Test("an image with its referrers goes into a layout and an archive, and out again")
    func layout() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let image = try await MultiPlatformImage.push(to: registry.host, RepositoryName("app"))
            let berth = try Berth(on: bench)
            let places = ["oci:\(bench.folder.appending("l")):x", "oci-archive:\(bench.folder.appending("a.tar")):x"]
            var from = registry.name("app")
            for place in places + [registry.name("back")] {
                let output = try await berth("copy", "--all-platforms", "--referrers", from, place).output()
                #expect(output.contains("Manifests: 6 copied, 0 already there"), "\(output)")
                from = place
            }
            try await Self.expectReferrers(of: image, at: registry.name("back"), by: berth)
            // Without a name, the image is meant and not its signature.
            let layout = "oci:\(bench.folder.appending("l"))"
            #expect(
                try await berth("copy", "-q", "--all-platforms", "\(layout):x", registry.name("again")).output()
                    == "\(image.index.digest())"
            )
        }
    }

    private static func expectReferrers(of image: MultiPlatformImage, at name: String, by berth: Berth) async throws {
        let signatures = try await berth("referrers", "-q", name).output()
        #expect(signatures == "\(image.signature.digest())")
        let table = try await berth("referrers", "--platform", "linux/amd64", name).output()
        #expect(table.hasPrefix("DIGEST ") && table.contains("\(image.sbom.digest())   \(MultiPlatformImage.sbomType)"))
        let type = MultiPlatformImage.sbomType
        #expect(try await berth("referrers", "-q", "--artifact-type", type, name).output().isEmpty)
        let json = try await berth(
            "referrers",
            "--format",
            "json",
            "--artifact-type",
            MultiPlatformImage.signatureType,
            name
        )
        .run().standardOutput
        guard case .index(let index) = try Manifest(parsing: json).content else { return }
        #expect(index.manifests.map(\.digest) == [image.signature.digest()])
    }
}

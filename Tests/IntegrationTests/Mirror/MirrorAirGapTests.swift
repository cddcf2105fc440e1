import Glibc
import ImageSpec
import RegistryClient
import SystemPackage
import Testing

@Suite("Mirrors without a wire", .timeLimit(.minutes(5)))
struct MirrorAirGapTests {
    private static let plan = """
        sources:
          - {from: SOURCE/*, to: 'DESTINATION/mirror/{repository}', tags: ['1.*'], referrers: true}
        """

    @Test(
        "a plan's images go to a layout or archive, and from it to the destination",
        arguments: ["oci:", "oci-archive:"]
    )
    func roundTrip(prefix: String) async throws {
        try await TestBench.use { bench in
            let mirror = try await MirrorBench(on: bench)
            try await mirror.push("team/app", "1.0", "1.1")
            let image = try await MultiPlatformImage.push(to: mirror.source.host, RepositoryName("lib"))
            try await RegistryClient(registry: mirror.source.host)
                .push(image.index, as: .tag(Tag("1.5")), to: RepositoryName("lib"))
            let place = "\(prefix)\(bench.folder.appending("air"))"
            let plan = try mirror.plan(Self.plan)
            #expect(try await mirror.mirror("--to", place, plan).tags("copied") == ["1.0", "1.1", "1.5"])
            #expect(try await mirror.digest("mirror/lib", "1.5", at: mirror.destination) == nil)
            // The source is out of reach.
            await mirror.source.process.stop()
            #expect(try await mirror.mirror("--from", place, plan).tags("copied") == ["1.0", "1.1", "1.5"])
            #expect(try await mirror.digest("mirror/lib", "1.5", at: mirror.destination) == image.index.digest())
            #expect(try await mirror.tags("mirror/lib").contains(image.cosignTag))
            let listed = try await RegistryClient(registry: mirror.destination.host)
                .referrers(of: image.index.digest(), in: RepositoryName("mirror/lib"))
            #expect(listed.map(\.digest).contains(image.signature.digest()))
            #expect(try await mirror.mirror("--from", place, plan).counts["unchanged"] == 3)
        }
    }

    @Test("an archive of what is new leaves out what an earlier one has; an import without that says what is missing")
    func incremental() async throws {
        try await TestBench.use { bench in
            let mirror = try await MirrorBench(on: bench)
            let base = try await mirror.push("app", "1.0", sizes: [400_000])
            let (monday, tuesday) = (bench.folder.appending("monday.tar"), bench.folder.appending("tuesday.tar"))
            let plan = try mirror.plan(Self.plan)
            _ = try await mirror.mirror("--to", "oci-archive:\(monday)", plan)
            try await mirror.push("app", "1.1", sizes: [50_000])
            _ = try await mirror.mirror(
                "--to",
                "oci-archive:\(tuesday)",
                "--since",
                "oci-archive:\(monday)",
                plan
            )
            #expect(try size(of: monday) > 400_000)
            #expect(try size(of: tuesday) < 100_000)
            let early = try await mirror.mirror("--from", "oci-archive:\(tuesday)", plan, expecting: 1)
            #expect(early.tags("failed") == ["1.0"] && early.tags("copied") == ["1.1"])
            let missing = early.outcomes.compactMap(\.reason).joined()
            #expect(missing.contains("leaves out sha256:") && missing.contains("import the earlier one first"))
            _ = try await mirror.mirror("--from", "oci-archive:\(monday)", plan)
            #expect(try await mirror.mirror("--from", "oci-archive:\(tuesday)", plan).counts["failed"] == 0)
            let copied = try await mirror.digest("mirror/app", "1.0", at: mirror.destination)
            #expect(copied == base.manifest.digest())
        }
    }

    @Test("an image that fails in the middle leaves an archive of the others")
    func damaged() async throws {
        try await TestBench.use { bench in
            let mirror = try await MirrorBench(on: bench)
            let bad = try await mirror.push("app", "1.0", sizes: [300_000])
            try await mirror.push("app", "1.1")
            let blob = "/blobs/\(bad.descriptors[0].digest)"
            let archive = "oci-archive:\(bench.folder.appending("a.tar"))"
            try await FaultProxy.use(before: mirror.source.host) {
                $0.uri.hasSuffix(blob) ? .corrupted(at: 100_000) : .none
            } _: { source in
                let plan = try mirror.plan(Self.plan, source: source.host)
                let run = try await mirror.mirror("--to", archive, plan, expecting: 1)
                #expect(run.tags("failed") == ["1.0"] && run.tags("copied") == ["1.1"])
                #expect(try await mirror.mirror("--from", archive, plan).tags("copied") == ["1.1"])
            }
        }
    }

    @Test("an archive that would be empty doesn't take an earlier one's place, nor does one that was interrupted")
    func kept() async throws {
        try await TestBench.use { bench in
            let mirror = try await MirrorBench(on: bench)
            try await mirror.push("app", "1.0", "1.1", sizes: [400_000])
            let file = bench.folder.appending("a.tar")
            let archive = "oci-archive:\(file)"
            _ = try await mirror.mirror("--to", archive, mirror.plan(Self.plan))
            let before = Digest.of(try contents(ofFileAt: file))
            try await FaultProxy.use(before: mirror.source.host) { request in
                request.method == .HEAD ? .answer(.forbidden) : .throttled(to: 200_000)
            } _: { source in
                let plan = try mirror.plan(Self.plan, source: source.host)
                #expect(try await mirror.mirror("--to", archive, plan, expecting: 1).counts["failed"] == 3)
            }
            try await FaultProxy.use(before: mirror.source.host) { _ in
                .throttled(to: 200_000)
            } _: { source in
                let plan = try mirror.plan(Self.plan, source: source.host)
                let running = try bench.start(mirror.berth("mirror", "--format", "json", "--to", archive, plan))
                try await running.wait(for: "copy a part") { source.pulledBytes > 50_000 ? true : nil }
                running.send(signal: SIGINT)
                let result = try await running.result(within: .seconds(10))
                #expect(result.status == .exited(130))
                #expect(String(decoding: result.standardOutput, as: UTF8.self).contains("\"copied\":0"))
            }
            #expect(Digest.of(try contents(ofFileAt: file)) == before)
        }
    }

    private func size(of file: FilePath) throws -> Int { try contents(ofFileAt: file).count }
}

import ImageSpec
import SystemPackage
import Testing

/// The ways that `deploy/` offers to run berthd.
@Suite("Deploy", .timeLimit(.minutes(5)))
struct DeployTests {
    /// The package's own folder.
    private static let source = (1...4).reduce(FilePath(#filePath)) { path, _ in path.removingLastComponent() }

    @Test("systemd finds nothing wrong with the unit, and little that it lets berthd do", .needs("systemd-analyze"))
    func unit() async throws {
        try await TestBench.use { bench in
            let text = String(
                decoding: try contents(ofFileAt: Self.source.appending("deploy/berthd.service")),
                as: UTF8.self
            )
            let unit = bench.folder.appending("berthd.service")
            // systemd looks whether the program is there.
            try write(text.replacing("/usr/bin/berthd", with: BuiltProgram.berthd.path.string), to: unit)
            let verified = try await Command("systemd-analyze", "verify", unit.string).run()
            #expect(verified.status == .exited(0))
            #expect(verified.errorText == "")
            // 2.0 of 10, in tenths.
            let security = Command("systemd-analyze", "security", "--offline=true", "--threshold=20", unit.string)
            #expect(try await security.run().status == .exited(0))
        }
    }

    @Test(
        "the Debian package brings programs that run with the configuration beside them",
        .needs("dpkg-deb", "dpkg-shlibdeps", "git")
    )
    func debianPackage() async throws {
        try await TestBench.use { bench in
            var make = Command(Self.source.appending("deploy/debian.sh").string, [])
            make.environment = [
                "PROGRAMS": BuiltProgram.berthd.path.removingLastComponent().string,
                "OUTPUT": bench.folder.string, "VERSION": "1.0~test",
            ]
            make.timeLimit = .seconds(180)
            try await make.output()
            let name = try #require(names(in: bench.folder).first { $0.hasSuffix(".deb") })
            let package = bench.folder.appending(name).string
            let root = bench.folder.appending("root")
            try await Command("dpkg-deb", "--extract", package, root.string).output()
            #expect(try await Command("dpkg-deb", "--field", package, "Depends").output().contains("libsqlite3-0"))

            let data = try bench.makeFolder("data")
            let process = try bench.start(
                Command(
                    root.appending("usr/bin/berthd").string,
                    "serve",
                    "--config",
                    root.appending("etc/berth/berthd.yaml").string,
                    "--listen",
                    "127.0.0.1:0",
                    "--data",
                    data.string
                )
            )
            let host = try RegistryHost(await process.line(after: "berthd listens on http://"))
            let registry = RunningRegistry(host: host, process: process)
            try await registry.push(Array("a blob".utf8), to: "team/app")
            try await Command(root.appending("usr/bin/berth").string, "--help").output()
        }
    }
}

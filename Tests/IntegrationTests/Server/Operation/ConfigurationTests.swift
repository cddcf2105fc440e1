import Foundation
import Glibc
import SystemPackage
import Testing

@Suite("The server's configuration", .timeLimit(.minutes(5)))
struct ConfigurationTests {
    @Test("the sample names every key, with its default")
    func sample() async throws {
        let sample = String(decoding: try contents(ofFileAt: Self.sampleFile), as: UTF8.self)
        let defaults = Self.values(in: try await BuiltProgram.berthd.command(["check-config"]).output())
        #expect(defaults.count > 10)
        // "# data: /var/lib/berthd" is a key that is only shown, since its default depends on the user.
        let shown = sample.split(separator: "\n").map { $0.hasPrefix("# data: ") ? $0.dropFirst(2) : $0 }
            .filter { !$0.hasPrefix("#") }.joined(separator: "\n")
        var stated = Self.values(in: shown)
        if geteuid() != 0 { stated["data"] = defaults["data"] }
        #expect(stated == defaults)
    }

    @Test("the sample can be used as it is")
    func sampleIsValid() async throws {
        let check = BuiltProgram.berthd.command(["check-config", "--config", Self.sampleFile.string])
        let shown = try await check.output()
        #expect(shown.contains("# \(Self.sampleFile):"))
        #expect(
            Self.values(in: shown) == Self.values(in: try await BuiltProgram.berthd.command(["check-config"]).output())
        )
    }

    @Test("check-config tells all that is wrong, each with its place")
    func allErrors() async throws {
        try await TestBench.use { bench in
            let file = bench.folder.appending("berthd.yaml")
            let yaml = """
                listen: 127.0.0.1:0
                log_levl: info
                drain_time: 10
                max_manifest_size: 4MB
                listen_on: [a]
                max_requests: {}

                """
            try write(yaml, to: file)
            var check = BuiltProgram.berthd.command(["check-config", "--config", file.string])
            check.environment = ["BERTHD_MAX_CONNECTIONS": "many"]
            let result = try await check.run()
            #expect(result.status == .exited(1))
            let errors = result.errorText
            #expect(errors.contains("\(file):2: unknown key 'log_levl'; did you mean 'log_level'?"))
            #expect(errors.contains("\(file):3: 'drain_time' should be a time from 0s to 1d"))
            #expect(errors.contains("\(file):4: 'max_manifest_size' should be a size from 1KiB to 64MiB"))
            #expect(errors.contains("\(file):5: unknown key 'listen_on'"))
            #expect(errors.contains("\(file):6: 'max_requests' should be a single value"))
            #expect(errors.contains("BERTHD_MAX_CONNECTIONS: 'max_connections' should be a number from 1 to 1000000"))
        }
    }

    @Test("check-config shows each value and where it is from")
    func sources() async throws {
        try await TestBench.use { bench in
            let file = bench.folder.appending("berthd.yaml")
            try write("# first\ndrain_time: 90s\nminimum_rate: off\nmax_manifest_size: 2048\n", to: file)
            var check = BuiltProgram.berthd.command(["check-config", "--config", file.string])
            check.environment = ["BERTHD_IDLE_TIMEOUT": "1500ms"]
            let shown = try await check.output()
            let lines = shown.split(separator: "\n").map { $0.split(separator: " ", omittingEmptySubsequences: true) }
            #expect(lines.contains(["drain_time:", "90s", "#", "\(file):2"]))
            #expect(lines.contains(["minimum_rate:", "off", "#", "\(file):3"]))
            #expect(lines.contains(["max_manifest_size:", "2KiB", "#", "\(file):4"]))
            #expect(lines.contains(["idle_timeout:", "1500ms", "#", "BERTHD_IDLE_TIMEOUT"]))
            #expect(lines.contains(["log_level:", "info", "#", "default"]))
        }
    }

    @Test("an address that is taken is named, the metrics' too", arguments: ["BERTHD_LISTEN", "BERTHD_METRICS_LISTEN"])
    func takenAddress(variable: String) async throws {
        try await TestBench.use { bench in
            let first = try await Berthd.start(on: bench)
            var second = BuiltProgram.berthd.command(["serve", "--data", try bench.makeFolder("second").string])
            second.environment["BERTHD_LISTEN"] = "127.0.0.1:0"
            second.environment[variable] = "\(first.host)"
            let result = try await second.run()
            #expect(result.status == .exited(1))
            #expect(result.errorText.contains("can't listen on \(first.host): Address already in use"))
        }
    }

    @Test("the version is told", arguments: ["version", "--version"])
    func version(argument: String) async throws {
        let text = try await BuiltProgram.berthd.command([argument]).output()
        #expect(text.hasPrefix("berthd 0.") || text.hasPrefix("berthd 1."))
    }

    private static var sampleFile: FilePath {
        FilePath(#filePath).removingLastComponent().removingLastComponent().removingLastComponent()
            .removingLastComponent().removingLastComponent().appending("config/berthd.yaml")
    }

    /// The keys and values of a flat file, without comments.
    private static func values(in yaml: String) -> [String: String] {
        let pairs = yaml.split(separator: "\n").compactMap { line -> (String, String)? in
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { return nil }
            let value = parts[1].components(separatedBy: "  #").first ?? ""
            return (String(parts[0]), value.trimmingCharacters(in: .whitespaces))
        }
        return Dictionary(pairs) { $1 }
    }
}

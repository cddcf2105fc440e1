import Testing

@Suite("berth --help", .timeLimit(.minutes(2)))
struct HelpTests {
    /// Of a `--help`: the names behind the heading of the subcommands.
    private static func subcommands(in help: String) -> [String] {
        guard let heading = help.firstRange(of: "SUBCOMMANDS:\n") else { return [] }
        return help[heading.upperBound...].split(separator: "\n")
            .filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") && !$0.hasPrefix("  See ") }
            .compactMap { $0.split(whereSeparator: { $0 == " " || $0 == "," }).first.map(String.init) }
    }

    @Test("each command has an example")
    func examples() async throws {
        try await TestBench.use { bench in
            let berth = try Berth(on: bench)
            let all = Self.subcommands(in: try await berth("--help").output())
            #expect(Set(["pull", "push", "images", "save", "load"]).isSubset(of: all))
            for name in all {
                let help = try await berth(name, "--help").output()
                let inner = Self.subcommands(in: help)
                #expect(!inner.isEmpty || help.contains("Example"), "\(name)")
                for second in inner {
                    let help = try await berth(name, second, "--help").output()
                    #expect(help.contains("Example"), "\(name) \(second)")
                }
            }
        }
    }
}

import ArgumentParser
import ImageSpec

/// `berth audit`.
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Shows who did what at a berthd, for those who administer it.",
        discussion: """
            The newest entries, the last of them last. Pulls are among them when berthd's configuration says so.

            Examples:
              berth audit registry.example.com
              berth audit --action push --repository 'team/**' --since 24h registry.example.com
              berth audit --digest sha256:… --json registry.example.com
              berth audit --result denied --follow registry.example.com
            """
    )

    /// How soon to look for more.
    private static let pause = Duration.seconds(1)
    /// How many entries are asked for at once.
    private static let pageLength = 1000

    @ParentCommand var berth: BerthCommand
    @OptionGroup var server: AdministeredRegistry

    @Option(help: ArgumentHelp("Only what this account did, or was tried in its name.", valueName: "name"))
    var actor: String?

    @Option(help: ArgumentHelp("Only this, such as push, pull, mount, delete-tag or login.", valueName: "action"))
    var action: String?

    @Option(help: ArgumentHelp("Only in these repositories, as team/app or 'team/**'.", valueName: "pattern"))
    var repository: String?

    @Option(help: ArgumentHelp("Only what was done with this.", valueName: "digest"))
    var digest: String?

    @Option(help: ArgumentHelp("Only what came to this: succeeded, denied or failed.", valueName: "result"))
    var result: String?

    @Option(help: ArgumentHelp("Only what came later: a time, or such as 10m before now.", valueName: "time"))
    var since: String?

    @Option(help: ArgumentHelp("Only what came earlier.", valueName: "time"))
    var until: String?

    @Option(name: .shortAndLong, help: ArgumentHelp("How many entries at most.", valueName: "number"))
    var number = 100

    @Flag(help: "Print each entry as JSON, on a line.")
    var json = false

    @Flag(name: .shortAndLong, help: "Go on showing what is done, until it is interrupted.")
    var follow = false

    func validate() throws {
        guard number >= 0 else { throw ValidationError("--number can't be less than 0") }
    }

    func run() async throws {
        let filters = try filters()
        let newest = try await newest(of: filters)
        var last = newest.last?.id ?? 0
        if follow, newest.isEmpty { last = try await self.newest(of: [], limit: 1).last?.id ?? 0 }
        try printAll(newest)
        while follow {
            try await Task.sleep(for: Self.pause)
            let page = try await entries(filters + [("after", "\(last)"), ("n", "\(Self.pageLength)")])
            try printAll(page)
            last = page.last?.id ?? last
        }
    }

    private func filters() throws -> [(name: String, value: String)] {
        let values: [(String, String?)] = [
            ("actor", actor), ("action", action), ("repository", repository), ("digest", digest), ("result", result),
            ("since", try since.map(Self.time)), ("until", try until.map(Self.time)),
        ]
        return values.compactMap { name, value in value.map { (name, $0) } }
    }

    private static func time(_ text: String) throws -> String {
        Timestamp(seconds: try LogMoment(text).nanoseconds / 1_000_000_000).rfc3339
    }

    /// The newest entries, the oldest of them first.
    private func newest(
        of filters: [(name: String, value: String)],
        limit: Int? = nil
    ) async throws -> [AuditLine] {
        var rest = limit ?? number
        var found: [AuditLine] = []
        while rest > 0 {
            let length = min(rest, Self.pageLength)
            var fields = filters + [("n", "\(length)")]
            if let last = found.last { fields.append(("before", "\(last.id)")) }
            let page = try await entries(fields)
            found += page
            rest -= page.count
            guard page.count == length else { break }
        }
        return found.reversed()
    }

    private func entries(_ fields: [(name: String, value: String)]) async throws -> [AuditLine] {
        guard case .array(let entries)? = try await server.get("audit", fields, by: berth)["entries"] else {
            throw AdministrationAnswerInvalid()
        }
        return try entries.map { try AuditLine($0) }
    }

    private func printAll(_ lines: [AuditLine]) throws {
        for line in lines {
            Terminal.print(json ? String(decoding: line.entry.compactText, as: UTF8.self) : line.text)
        }
    }
}

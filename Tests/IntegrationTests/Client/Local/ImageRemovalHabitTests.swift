import Testing

/// `rmi` of images that containers are made of, beside docker's: the same conflicts, in the same words, and the same left.
@Suite("Removal as docker's", .needs("dockerd", "docker", "skopeo", "umoci", root: true), .timeLimit(.minutes(5)))
struct ImageRemovalHabitTests {
    /// One side: makes a command of words.
    private typealias Client = @Sendable ([String]) -> Command

    struct Scenario: Sendable, CustomTestStringConvertible {
        let title: String
        let preparation: [[String]]
        /// `ID` in them stands for the image's.
        let removals: [[String]]

        var testDescription: String { title }
    }

    private static let name = "busybox:test"
    private static let stopped = ["create", "--network", "none", "--name", "user", name, "true"]
    private static let running = ["run", "-d", "--network", "none", "--name", "user", name, "sleep", "1000"]
    private static let secondName = ["tag", name, "other/name:1"]

    static let scenarios = [
        Scenario(title: "stopped, by name", preparation: [stopped], removals: [["rmi", name], ["rmi", "-f", name]]),
        Scenario(title: "stopped, by ID", preparation: [stopped], removals: [["rmi", "ID"], ["rmi", "-f", "ID"]]),
        Scenario(title: "running, by name", preparation: [running], removals: [["rmi", name], ["rmi", "-f", name]]),
        Scenario(title: "running, by ID", preparation: [running], removals: [["rmi", "ID"], ["rmi", "-f", "ID"]]),
        Scenario(
            title: "stopped, two names",
            preparation: [stopped, secondName],
            removals: [["rmi", "ID"], ["rmi", "other/name:1"], ["rmi", name]]
        ),
        Scenario(
            title: "stopped, two names, by ID",
            preparation: [stopped, secondName],
            removals: [["rmi", "-f", "ID"]]
        ),
        Scenario(
            title: "running, two names",
            preparation: [running, secondName],
            removals: [["rmi", "-f", "ID"], ["rmi", "-f", name], ["rmi", "-f", "other/name:1"]]
        ),
    ]

    @Test("leaves what docker leaves, and says what docker says")
    func sideBySide() async throws {
        try await TestBench.use { bench in
            let archive = try await BusyboxImage.shared().dockerArchive.string
            let docker = try await DockerEngine.start(on: bench)
            let berth = try Berth(on: bench)
            let dockers: Client = { words in
                var command = docker()
                command.arguments += words
                return command
            }
            for scenario in Self.scenarios {
                let theirs = try await Self.play(scenario, by: dockers, archive)
                let ours = try await Self.play(scenario, by: { berth($0) }, archive)
                #expect(ours == theirs, "\(scenario.title)")
            }
        }
    }

    /// What each removal came to, and how many images are left after it.
    private static func play(_ scenario: Scenario, by client: Client, _ archive: String) async throws -> [String] {
        try await client(["load", "--input", archive]).output()
        for words in scenario.preparation { try await client(words).output() }
        let id = try await client(["images", "-q", Self.name]).output()
        var lines: [String] = []
        for removal in scenario.removals {
            let result = try await client(removal.map { $0 == "ID" ? id : $0 }).run()
            let left = try await client(["images", "-q"]).output().split(separator: "\n")
            lines.append("\(removal.joined(separator: " ")): \(result.status), \(left.count) left")
            lines += result.text.split(separator: "\n").filter { $0.hasPrefix("Untagged: ") }.map(String.init)
            if result.text.contains("Deleted: sha256:\(id)") { lines.append("Deleted") }
            lines += result.errorText.split(separator: "\n").compactMap(conflict)
        }
        try await client(["rm", "-f", "user"]).output()
        try await client(["image", "prune", "-a", "-f"]).output()
        return lines
    }

    /// What docker says behind `conflict:`, without the numbers of images and containers; ours also tells the names.
    private static func conflict(_ line: Substring) -> String? {
        guard let start = line.firstRange(of: "conflict:")?.lowerBound else { return nil }
        let end = line.firstRange(of: "repositories:")?.upperBound ?? line.endIndex
        return line[start..<end].split { $0 == " " || $0 == ":" }.map { word in
            word.count >= 12 && word.allSatisfy(\.isHexDigit) ? "ID" : String(word)
        }.joined(separator: " ")
    }
}

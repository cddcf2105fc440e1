import ArgumentParser
import ImageSpec

/// `berth repo set`.
struct SetRepositoryRuleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Sets the rule for a pattern; what isn't said stays as it was.",
        discussion: "Example: berth repo set --immutable-tags 'v*' registry.example.com 'team/**'"
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var server: AdministeredRegistry
    @Option(help: ArgumentHelp("Who may pull without a grant: public, internal or private.", valueName: "visibility"))
    var visibility: String?

    @Option(help: ArgumentHelp("Whose first push makes one: pushers or administrators.", valueName: "whose"))
    var creation: String?

    @Option(
        help: ArgumentHelp("Tags that can't be moved, with * and ?; '' for none. May be repeated.", valueName: "tags")
    )
    var immutableTags: [String] = []

    @Argument(help: ArgumentHelp("Which repositories.", valueName: "pattern"))
    var pattern: String

    func run() async throws {
        let rules = try await server.get("rules", [("pattern", pattern)], by: berth)
        var body: [String: JSONValue?] = ["pattern": .string(pattern)]
        if case .array(let known) = rules, case .object(let rule)? = known.first { body.merge(rule) { $1 } }
        if let visibility { body["visibility"] = .string(visibility) }
        if let creation { body["creation"] = .string(creation) }
        if !immutableTags.isEmpty {
            body["immutable_tags"] = .array(immutableTags.filter { !$0.isEmpty }.map { .string($0) })
        }
        try await server.call("PUT", "rules", [], body, by: berth)
    }
}

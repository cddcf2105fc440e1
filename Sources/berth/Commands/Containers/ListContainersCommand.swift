import ArgumentParser

/// `berth ps`.
struct ListContainersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ps",
        abstract: "Lists the containers that run.",
        discussion: ListContainersOptions.discussion
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var options: ListContainersOptions

    func run() throws { try options.run(berth.openContainers(options.location)) }
}

/// `berth container list`.
struct ListContainersAlias: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists the containers that run.",
        discussion: ListContainersOptions.discussion,
        aliases: ["ls", "ps"]
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var options: ListContainersOptions

    func run() throws { try options.run(berth.openContainers(options.location)) }
}

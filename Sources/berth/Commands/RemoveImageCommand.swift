import ArgumentParser

/// `berth rmi`.
struct RemoveImageCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rmi",
        abstract: "Removes names, and the images that have no other.",
        discussion: RemoveImageOptions.discussion
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var options: RemoveImageOptions

    func run() throws { try options.run(berth.openStore(options.location)) }
}

/// `berth image rm`.
struct RemoveImageAlias: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rm",
        abstract: "Removes names, and the images that have no other.",
        discussion: RemoveImageOptions.discussion,
        aliases: ["remove"]
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var options: RemoveImageOptions

    func run() throws { try options.run(berth.openStore(options.location)) }
}

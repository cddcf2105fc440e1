import ArgumentParser

/// `berth images`.
struct ImagesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "images",
        abstract: "Lists the images of this host.",
        discussion: ListImagesOptions.discussion
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var options: ListImagesOptions

    func run() throws { try options.run(berth.openStore(options.location)) }
}

/// `berth image list`.
struct ListImagesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists the images of this host.",
        discussion: ListImagesOptions.discussion,
        aliases: ["ls"]
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var options: ListImagesOptions

    func run() throws { try options.run(berth.openStore(options.location)) }
}

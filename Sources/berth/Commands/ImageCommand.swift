import ArgumentParser

/// `berth image …`: the commands on images under one roof, as docker has them too.
struct ImageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "image",
        abstract: "Manages images.",
        subcommands: [
            ListImagesCommand.self, PullCommand.self, PushCommand.self, TagCommand.self, RemoveImageAlias.self,
            InspectImageCommand.self, HistoryCommand.self, SaveCommand.self, LoadCommand.self, ImportCommand.self,
            PruneImagesCommand.self,
        ]
    )
}

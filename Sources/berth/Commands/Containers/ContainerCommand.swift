import ArgumentParser

/// `berth container …`: the commands on containers under one roof, as docker has them too.
struct ContainerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "container",
        abstract: "Manages containers.",
        subcommands: [ListContainersAlias.self, PruneContainersCommand.self] + everywhere
    )

    /// Those that stand right behind `berth` as well.
    static let everywhere: [any ParsableCommand.Type] = [
        RunCommand.self, CreateCommand.self, StartCommand.self, StopCommand.self, RestartCommand.self,
        KillCommand.self, WaitCommand.self, RemoveContainerCommand.self, LogsCommand.self, AttachCommand.self,
        ExecCommand.self, RenameCommand.self, PauseCommand.self, UnpauseCommand.self, TopCommand.self,
        StatsCommand.self, PortCommand.self, CopyFilesCommand.self, DiffCommand.self, ExportCommand.self,
        CommitCommand.self,
    ]
}

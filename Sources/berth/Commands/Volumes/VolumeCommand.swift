import ArgumentParser

/// `berth volume …`.
struct VolumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "volume",
        abstract: "Manages volumes: folders that containers share and that outlive them.",
        subcommands: [
            CreateVolumeCommand.self, ListVolumesCommand.self, InspectVolumeCommand.self, RemoveVolumeCommand.self,
            PruneVolumesCommand.self,
        ]
    )
}

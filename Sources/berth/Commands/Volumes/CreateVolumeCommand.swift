import ArgumentParser
import Sandbox

/// `berth volume create`.
struct CreateVolumeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Makes a volume; does nothing when there is one of that name.",
        discussion: "Example: berth volume create --label tier=back db"
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var location: StoreLocation

    @Option(name: .shortAndLong, help: "Who keeps it; there is 'local' only.")
    var driver = "local"

    @Option(help: ArgumentHelp("A word on the volume; may be repeated.", valueName: "name[=value]"))
    var label: [String] = []

    @Argument(help: "The volume's name; by default 64 random digits.")
    var name: String?

    func run() throws {
        guard driver == "local" else { throw VolumeOptionError.unknownDriver(driver) }
        let name = try self.name.map { try VolumeName($0) }
        let labels = label.map { ImageFilter.label($0) }
        let volume = try berth.openVolumes(location).findOrCreate(
            name ?? .anonymous(),
            labels: Dictionary(labels.map { ($0.name, $0.value ?? "") }, uniquingKeysWith: { _, last in last }),
            isAnonymous: name == nil
        )
        Terminal.print("\(volume.name)")
    }
}

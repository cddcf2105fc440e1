import ArgumentParser
import ImageSpec
import ImageStore

/// `berth image inspect`.
struct InspectImageCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Shows all that is known of images.",
        discussion: "Example: berth image inspect --format '{{json .Config.Env}}' nginx"
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var options: InspectOptions

    @Argument(help: ArgumentHelp("The images.", valueName: "name[:tag]|id"), completion: .images)
    var names: [String]

    func run() throws {
        let store = try berth.openStore(options.location)
        try options.show(names) { name in try store.description(of: name) }
    }
}

import ArgumentParser
import ImageSpec
import ImageStore

/// `berth tag`.
struct TagCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tag",
        abstract: "Gives an image one more name.",
        discussion: "Example: berth tag team/app:1 registry.example/team/app:1"
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var location: StoreLocation

    @Argument(help: ArgumentHelp("The image.", valueName: "name[:tag]|id"), completion: .images)
    var source: String

    @Argument(help: ArgumentHelp("Its new name.", valueName: "name[:tag]"))
    var target: String

    func run() throws {
        let reference = try berth.reference(target)
        let store = try berth.openStore(location)
        try store.tag(store.image(matching: source), as: reference)
    }
}

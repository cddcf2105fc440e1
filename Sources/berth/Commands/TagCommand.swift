import ArgumentParser
import ImageSpec
import ImageStore

/// `berth tag`.
struct TagCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "tag", abstract: "Gives an image one more name.")

    @ParentCommand var berth: BerthCommand

    @Argument(help: ArgumentHelp("The image.", valueName: "name[:tag]|id"))
    var source: String

    @Argument(help: ArgumentHelp("Its new name.", valueName: "name[:tag]"))
    var target: String

    func run() throws {
        let reference = try berth.reference(target)
        let store = try berth.openStore()
        try store.tag(store.image(matching: source), as: reference)
    }
}

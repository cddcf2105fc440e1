import ArgumentParser
import ImageStore

/// `--root` as an option of a command, so that it may stand behind the command's name too.
///
/// Commands that need nothing here take it as well, hidden: scripts give it to all alike.
struct StoreLocation: ParsableArguments {
    @Option(help: ArgumentHelp("The folder that holds images and containers.", valueName: "dir"))
    var root: String?
}

extension BerthCommand {
    /// Opens the store that the options before and behind the command's name say; the one behind wins.
    func openStore(_ location: StoreLocation) throws -> ImageStore {
        var berth = self
        berth.root = location.root ?? root
        return try berth.openStore()
    }
}

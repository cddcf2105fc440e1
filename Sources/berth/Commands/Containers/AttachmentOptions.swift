import ArgumentParser
import Sandbox

/// What the commands take that attach to a container's process.
struct AttachmentOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The keys that leave its terminal; by default ctrl-p,ctrl-q.", valueName: "keys"))
    var detachKeys: String?

    @Option(help: ArgumentHelp("Whether this program's signals are passed on.", valueName: "true|false"))
    var sigProxy = true

    var options: AttachOptions {
        get throws {
            var options = AttachOptions()
            if let detachKeys { options.detachKeys = try DetachKeys(detachKeys) }
            options.relaysSignals = sigProxy
            return options
        }
    }
}

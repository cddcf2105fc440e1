import ArgumentParser
import ImageStore

/// What `pull` and `push` have in common.
struct TransferOptions: ParsableArguments {
    @Flag(name: .shortAndLong, help: "Print only the name.")
    var quiet = false

    @Option(help: ArgumentHelp("How many layers come or go at once.", valueName: "number"))
    var jobs = ImageStore.usualJobs

    @Option(help: "How progress is shown: in place on a terminal, as plain lines, or as a JSON object a line.")
    var progress = ProgressStyle.auto

    func validate() throws {
        guard (1...64).contains(jobs) else { throw ValidationError("--jobs is a number from 1 to 64") }
    }
}

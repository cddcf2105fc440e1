import ArgumentParser

/// What `pull`, `push` and `copy` have in common.
struct TransferOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("How many layers come or go at once; by default as configured, or 4.", valueName: "number")
    )
    var jobs: Int?

    @Option(help: "How progress is shown: in place on a terminal, as plain lines, or as a JSON object a line.")
    var progress = ProgressStyle.auto

    func validate() throws {
        guard jobs.map((1...64).contains) ?? true else { throw ValidationError("--jobs is a number from 1 to 64") }
    }
}

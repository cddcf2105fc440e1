import ArgumentParser
import ImageSpec
import Mirror

/// `berth copy`.
struct CopyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "copy",
        abstract: "Copies an image, with all its platforms, from one registry to another."
    )

    @ParentCommand var berth: BerthCommand

    @Argument(help: ArgumentHelp("What to copy.", valueName: "name[:tag|@digest]"))
    var source: String

    @Argument(help: ArgumentHelp("Where to.", valueName: "name[:tag]"))
    var destination: String

    func run() async throws {
        let destination = try ImageReference(destination)
        let report = try await ImageCopy(
            from: ImageReference(source),
            to: destination,
            configuration: berth.registries().configuration
        ).run()
        Terminal.print("Digest: \(report.digest)")
        Terminal.print("Manifests: \(report.manifests.copied) copied, \(report.manifests.skipped) already there")
        Terminal.print("Blobs: \(report.blobs.copied) copied, \(report.blobs.skipped) already there")
        Terminal.print("Sent: \(humanSize(report.bytes))")
        Terminal.print("\(destination)")
    }
}

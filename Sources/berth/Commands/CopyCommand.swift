import ArgumentParser
import ImageSpec
import Mirror

/// `berth copy`.
struct CopyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "copy",
        abstract: "Copies an image, with all its platforms, from one registry to another.",
        discussion: "Example: berth copy nginx:1.27 localhost:5000/mirror/nginx:1.27"
    )

    @ParentCommand var berth: BerthCommand

    @Argument(help: ArgumentHelp("What to copy.", valueName: "name[:tag|@digest]"))
    var source: String

    @Argument(help: ArgumentHelp("Where to.", valueName: "name[:tag]"))
    var destination: String

    func run() async throws {
        let source = try berth.reference(source)
        let destination = try berth.reference(destination)
        let registries = try berth.registries()
        let target = try await registries.pushClient(for: destination.host)
        let progress = TransferProgress(.plain, isQuiet: false)
        let report = try await registries.pulling(source, onFailure: progress.notePassedOver) { client in
            try await ImageCopy(from: source, at: client, to: destination, at: target).run()
        }
        Terminal.print("Digest: \(report.digest)")
        Terminal.print("Manifests: \(report.manifests.copied) copied, \(report.manifests.skipped) already there")
        Terminal.print("Blobs: \(report.blobs.copied) copied, \(report.blobs.skipped) already there")
        Terminal.print("Sent: \(humanSize(report.bytes))")
        Terminal.print("\(destination)")
    }
}

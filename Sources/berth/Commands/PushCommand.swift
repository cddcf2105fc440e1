import ArgumentParser
import ImageSpec
import ImageStore
import RegistryClient

/// `berth push`.
struct PushCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "push", abstract: "Sends an image to its registry.")

    @ParentCommand var berth: BerthCommand

    @Flag(name: .shortAndLong, help: "Print only the name.")
    var quiet = false

    @Argument(help: ArgumentHelp("What to send, and where to.", valueName: "name[:tag]"))
    var name: String

    func run() async throws {
        let reference = try berth.reference(name)
        let store = try berth.openStore()
        if !quiet {
            Terminal.print("The push refers to repository [\(reference.host)/\(reference.repository)]")
        }
        let isQuiet = quiet
        let manifest = try await store.push(reference, to: berth.registries().pushClient(for: reference.host)) {
            event in
            guard !isQuiet, case .layer(let layer, let push) = event else { return }
            Terminal.print("\(layer.digest.short): \(Self.words(for: push))")
        }
        Terminal.print(
            quiet ? "\(reference)" : "\(reference.manifestReference): digest: \(manifest.digest) size: \(manifest.size)"
        )
    }

    private static func words(for push: BlobPush) -> String {
        switch push {
        case .alreadyThere: "Layer already exists"
        case .mounted: "Mounted from another repository"
        case .uploaded: "Pushed"
        }
    }
}

import ArgumentParser

/// `berth digest`.
struct DigestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "digest",
        abstract: "Prints the digest that a name stands for in its registry.",
        discussion: "Example: berth digest debian:12"
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup(visibility: .hidden) var location: StoreLocation
    @OptionGroup var manifest: ManifestOptions

    func run() async throws {
        Terminal.print("\(try await manifest.descriptor(in: berth).digest)")
    }
}

import ArgumentParser
import Glibc
import ImageSpec
import ImageStore
import SystemPackage

/// `berth load`, and `berth image load`.
struct LoadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load",
        abstract: "Takes images from an archive.",
        discussion: """
            The archive is docker's or podman's, or an image layout, by itself or compressed by gzip, zstd, bzip2 or xz.

            Examples:
              berth load -i app.tar
              docker save team/app | berth load
            """
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var location: StoreLocation

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The file to read; by default the standard input.", valueName: "file"),
        completion: .file()
    )
    var input: String?

    @Flag(name: .shortAndLong, help: "Print only what was loaded, which is what is always done.")
    var quiet = false

    @Option(help: ArgumentHelp("Take the images for this platform.", valueName: "os/architecture[/variant]"))
    var platform: String?

    func run() async throws {
        let platform = try platform.map { try Platform($0) }
        guard input != nil || isatty(STDIN_FILENO) == 0 else { throw OutputError.inputIsATerminal }
        let store = try berth.openStore(location)
        let file = try openInput()
        defer { try? file.close() }
        async let filter: Void = store.prepareFilter()
        try await store.load(file, platform: platform) { image in
            if image.names.isEmpty { Terminal.print("Loaded image ID: \(image.id)") }
            for name in image.names { Terminal.print("Loaded image: \(store.shownName(of: name))") }
        }
        await filter
    }

    private func openInput() throws -> FileDescriptor {
        guard let input, input != "-" else { return .standardInput }
        do {
            return try FileDescriptor.open(input, .readOnly, options: [.closeOnExec])
        } catch let error as Errno {
            throw OutputError.notRead(FilePath(input), error)
        }
    }
}

import ArgumentParser
import Glibc
import ImageSpec
import ImageStore
import SystemPackage

/// `berth import`.
struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Makes an image of one layer from a folder or a tar archive.",
        discussion: "Example: berth import rootfs.tar localhost:5000/team/app:1.0 --change 'CMD [\"sh\"]'"
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var location: StoreLocation

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("A Dockerfile instruction to apply; may be repeated.", valueName: "instruction")
    )
    var change: [String] = []

    @Option(name: .shortAndLong, help: "A message for the image's history.")
    var message: String?

    @Option(help: ArgumentHelp("What the image runs on.", valueName: "os/architecture[/variant]"))
    var platform: String?

    @Argument(help: ArgumentHelp("A folder, a tar archive (plain or compressed), or - for one on the standard input."))
    var source: String

    @Argument(help: ArgumentHelp("The image's name.", valueName: "name[:tag]"))
    var name: String?

    func run() async throws {
        var execution = ImageExecution()
        for change in change { try ImageChange(change).apply(to: &execution) }
        let reference = try name.map { try berth.reference($0) }
        let platform = try platform.map { try Platform($0) } ?? .host
        let store = try berth.openStore(location)
        async let filter: Void = store.prepareFilter()
        let image = try await store.importImage(
            from: try openSource(),
            as: reference,
            platform: platform,
            execution: execution,
            created: Timestamp.now.rfc3339,
            message: message ?? "Imported from \(source)"
        )
        await filter
        Terminal.print("\(image.id)")
    }

    private func openSource() throws -> LayerPacker.Source {
        guard source != "-" else { return .archive(.standardInput) }
        var status = stat()
        if stat(source, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
            // A link to a folder stands for the folder.
            guard let path = realpath(source, nil) else { return .folder(FilePath(source)) }
            defer { free(path) }
            return .folder(FilePath(platformString: path))
        }
        do {
            return .archive(try FileDescriptor.open(source, .readOnly, options: [.closeOnExec]))
        } catch let error as Errno {
            throw ImageStoreError.fileSystem(operation: "open", path: FilePath(source), error)
        }
    }
}

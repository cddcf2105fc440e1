import ArgumentParser
import Glibc
import ImageStore
import SystemPackage

extension ImageArchiveFormat: ExpressibleByArgument {}
extension ImageArchiveCompression: ExpressibleByArgument {}

/// `berth save`, and `berth image save`.
struct SaveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "save",
        abstract: "Writes images to an archive.",
        discussion: """
            Blobs are written as they are, so that images keep their digests. A repository without a tag stands for \
            all its tags.

            Examples:
              berth save -o app.tar team/app:1 team/app:2
              berth save --compress zstd team/app | ssh host berth load
            """
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var location: StoreLocation

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The file to write; by default the standard output.", valueName: "file"),
        completion: .file()
    )
    var output: String?

    @Option(help: "The archive's form: docker's, which is an image layout too, or an image layout alone.")
    var format = ImageArchiveFormat.docker

    @Option(help: "How to compress the archive; most images' layers are compressed already.")
    var compress = ImageArchiveCompression.none

    @Argument(help: ArgumentHelp("The images.", valueName: "name[:tag]|id"), completion: .images)
    var names: [String]

    func run() async throws {
        guard output != nil || isatty(STDOUT_FILENO) == 0 else { throw OutputError.isATerminal }
        let store = try berth.openStore(location)
        let images = try store.imagesToSave(names)
        guard let output else {
            return try await store.save(images, to: .standardOutput, format: format, compression: compress)
        }
        let (format, compress) = (format, compress)
        try await OutputFile.write(FilePath(output)) { file in
            try await store.save(images, to: file, format: format, compression: compress)
        }
    }
}

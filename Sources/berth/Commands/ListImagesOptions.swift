import ArgumentParser
import ImageSpec
import ImageStore

/// What the commands that list images take and do.
struct ListImagesOptions: ParsableArguments {
    @Flag(name: .shortAndLong, help: "Print only the IDs.")
    var quiet = false

    @Flag(help: "Print IDs in full.")
    var noTrunc = false

    @Argument(help: ArgumentHelp("Only images of this name.", valueName: "repository[:tag]"))
    var name: String?

    func run(_ store: ImageStore) throws {
        let images = try store.images().filter { try matches($0, store.defaultRegistry) }
        guard !quiet else {
            for image in images { Terminal.print(id(of: image)) }
            return
        }
        var table = Table(columns: ["REPOSITORY", "TAG", "IMAGE ID", "CREATED", "SIZE"])
        let now = Timestamp.now
        for image in images {
            table.add([
                image.reference?.familiarRepository(defaultHost: store.defaultRegistry) ?? "<none>",
                image.reference?.tag?.rawValue ?? "<none>",
                id(of: image),
                image.config.created.flatMap(Timestamp.init(rfc3339:))?.age(at: now) ?? "N/A",
                humanSize(image.size),
            ])
        }
        Terminal.print(table.description)
    }

    private func id(of image: LocalImage) -> String { noTrunc ? "\(image.id)" : image.id.short }

    private func matches(_ image: LocalImage, _ defaultRegistry: RegistryHost) throws -> Bool {
        guard let name else { return true }
        let wanted = try ImageReference(name, defaultHost: defaultRegistry)
        guard let reference = image.reference else { return false }
        let isTagGiven = name.split(separator: "/").last?.contains { ":@".contains($0) } == true
        return reference.host == wanted.host && reference.repository == wanted.repository
            && (!isTagGiven || (reference.tag == wanted.tag && reference.digest == wanted.digest))
    }
}

import ArgumentParser
import ImageSpec
import ImageStore
import Sandbox

/// `berth inspect`.
struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Shows all that is known of containers or images.",
        discussion: """
            A name that is a container's means that.

            Examples:
              berth inspect nginx
              berth inspect --format '{{.State.Status}}' web
            """
    )

    enum Kind: String, ExpressibleByArgument, CaseIterable {
        case container, image
    }

    @ParentCommand var berth: BerthCommand
    @OptionGroup var options: InspectOptions

    @Option(help: "What it is; by default whatever there is of this name.")
    var type: Kind?

    @Argument(help: "The containers or images.", completion: .images)
    var names: [String]

    func run() throws {
        let images = try berth.openStore(options.location)
        let containers = type == .image ? nil : try berth.openContainers(options.location)
        try options.show(names) { name in
            do {
                if let containers { return try ContainerDescription(containers.find(name)).json }
            } catch SandboxError.noSuchContainer where type == nil {}
            return try images.description(of: name)
        }
    }
}

extension ImageStore {
    /// All that is known of the image that `name` means.
    func description(of name: String) throws -> JSONValue {
        let image = try image(matching: name)
        return try ImageDescription(image, as: summaries(of: image), in: self).json
    }
}

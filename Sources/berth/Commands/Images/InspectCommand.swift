import ArgumentParser
import ImageSpec
import ImageStore

/// `berth inspect`, and `berth image inspect`.
struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Shows all that is known of an image.",
        discussion: """
            Examples:
              berth inspect nginx
              berth inspect --format '{{json .Config.Env}}' nginx
            """
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var location: StoreLocation

    @Option(name: .shortAndLong, help: ArgumentHelp("How to print: 'json' or a template.", valueName: "format"))
    var format: String?

    @Argument(help: ArgumentHelp("The images.", valueName: "name[:tag]|id"), completion: .images)
    var names: [String]

    /// Prints what it finds, and then fails when there is something that it doesn't.
    func run() throws {
        let store = try berth.openStore(location)
        let template = try format.flatMap { $0 == "json" ? nil : try Template($0) }
        var found: [JSONValue] = []
        var failures: [any Error] = []
        for name in names {
            do {
                let image = try store.image(matching: name)
                found.append(try ImageDescription(image, names: store.names(of: image), in: store).json)
            } catch {
                failures.append(error)
            }
        }
        if let template {
            for image in found { Terminal.print(try template.render(image)) }
        } else if format != nil {
            for image in found { Terminal.print(String(decoding: image.compactText, as: UTF8.self)) }
        } else {
            Terminal.print(JSONValue.array(found).prettyText)
        }
        guard let last = failures.popLast() else { return }
        for failure in failures { Failure(failure).report() }
        throw last
    }
}

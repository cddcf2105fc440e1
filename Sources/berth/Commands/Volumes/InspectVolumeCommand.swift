import ArgumentParser
import ImageSpec
import Sandbox

/// `berth volume inspect`.
struct InspectVolumeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Shows all that is known of volumes.",
        discussion: "Example: berth volume inspect --format '{{.Mountpoint}}' db"
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var location: StoreLocation
    @Option(name: .shortAndLong, help: ArgumentHelp("How to print: 'json' or a template.", valueName: "format"))
    var format: String?

    @Argument(help: ArgumentHelp("The volumes.", valueName: "volume"))
    var names: [String]

    /// Prints what it finds, and then fails when there is something that it doesn't.
    func run() throws {
        let store = try berth.openVolumes(location)
        let template = try format.flatMap { $0 == "json" ? nil : try Template($0) }
        var found: [JSONValue] = []
        var failures: [any Error] = []
        for name in names {
            do {
                guard let volume = try store.find(VolumeName(name)) else { throw SandboxError.noSuchVolume(name) }
                found.append(VolumeRow(volume).json)
            } catch {
                failures.append(error)
            }
        }
        if let template {
            for volume in found { Terminal.print(try template.render(volume)) }
        } else if format != nil {
            for volume in found { Terminal.print(String(decoding: volume.compactText, as: UTF8.self)) }
        } else {
            Terminal.print(JSONValue.array(found).prettyText)
        }
        guard let last = failures.popLast() else { return }
        for failure in failures { Failure(failure).report() }
        throw last
    }
}

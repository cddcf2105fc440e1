import ArgumentParser
import ImageSpec
import RegistryClient

/// `berth delete`.
struct DeleteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Deletes tags and images in a registry.",
        discussion: """
            By a tag only the tag goes; by a digest the image goes, with all its tags. Some registries, docker's among \
            them, delete by digest only.

            Examples:
              berth delete localhost:5000/team/app:old
              berth delete localhost:5000/team/app@$(berth digest localhost:5000/team/app:old)
            """
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup(visibility: .hidden) var location: StoreLocation

    @Flag(name: .shortAndLong, help: "Print nothing.")
    var quiet = false

    @Argument(help: ArgumentHelp("What to delete.", valueName: "name:tag|name@digest"))
    var names: [String]

    /// Goes on with the others when one can't be deleted.
    func run() async throws {
        var failures: [any Error] = []
        for name in names {
            do {
                try await delete(name)
            } catch {
                failures.append(error)
            }
        }
        guard let last = failures.popLast() else { return }
        for failure in failures { Failure(failure).report() }
        throw last
    }

    private func delete(_ name: String) async throws {
        let reference = try berth.reference(name)
        // What docker adds where no tag is given would be a bold guess here.
        guard reference.digest != nil || name.hasSuffix(":\(reference.tag ?? .latest)") else {
            throw ImageSpecError.invalidReference(name, reason: "say which tag or digest to delete")
        }
        let client = try await berth.client(for: reference.host)
        do {
            try await client.delete(reference.manifestReference, in: reference.repository)
        } catch RegistryClientError.refused(let refusal) where [400, 404, 405, 501].contains(refusal.status) {
            let digest = try await client.manifestDigest(reference.manifestReference, in: reference.repository)
            throw DeletionRefused(reference: reference, digest: digest, refusal: refusal)
        }
        guard !quiet else { return }
        Terminal.print("\(reference.digest == nil ? "Untagged" : "Deleted"): \(reference.familiarName)")
    }
}

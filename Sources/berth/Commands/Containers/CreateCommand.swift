import ArgumentParser
import Sandbox

/// `berth create`.
struct CreateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Makes a container, to be started later.",
        discussion: "Example: berth create --name web -e MODE=test localhost:5000/team/web",
        helpNames: .long
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var options: ContainerOptions

    func run() async throws {
        do {
            Terminal.print("\(try await options.makeContainer(berth, endsInputWithClient: true).id)")
        } catch {
            throw RunFailure(cause: error)
        }
    }
}

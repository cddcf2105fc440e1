import Access
import ArgumentParser

/// Whose account a command is about.
struct UserArgument: ParsableArguments {
    @Argument(help: "The account's name.")
    var name: String

    func account() throws -> AccountName {
        do {
            return try AccountName(name)
        } catch {
            throw ValidationError("\(error)")
        }
    }
}

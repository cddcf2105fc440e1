import ArgumentParser
import Credentials

/// A password that is to be, from the standard input or asked for twice: never from the command line, which others on
/// this host can read.
struct NewPassword: ParsableArguments {
    @Flag(help: "Read the password from the standard input.")
    var passwordStdin = false

    func read() throws -> String {
        let password: String
        if passwordStdin {
            password = try TerminalPrompt.wholeInput()
        } else {
            let prompt = TerminalPrompt()
            password = try prompt.askForSecret("New password: ")
            guard try prompt.askForSecret("Again: ") == password else { throw PasswordsDiffer() }
        }
        return password
    }
}

/// What was typed twice is two things.
struct PasswordsDiffer: Error, CustomStringConvertible {
    var description: String { "these are two different passwords; nothing was changed" }
}

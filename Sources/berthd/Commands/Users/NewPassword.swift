import ArgumentParser
import Credentials

/// Where a new password comes from: never from the arguments, which others can read.
struct NewPassword: ParsableArguments {
    @Flag(name: .long, help: "Read the password from the standard input.")
    var passwordStdin = false

    /// - Throws: ``StartError`` when there is nobody to ask, or who is asked says two different things.
    func read() throws -> String {
        if passwordStdin { return try TerminalPrompt.wholeInput() }
        do {
            let prompt = TerminalPrompt()
            let password = try prompt.askForSecret("Password: ")
            guard try prompt.askForSecret("The same again: ") == password else {
                throw StartError("these are two different passwords; nothing was changed")
            }
            return password
        } catch is NoTerminal {
            throw StartError("there is no terminal to ask for the password at; give it by --password-stdin")
        }
    }
}

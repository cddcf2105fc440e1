import ArgumentParser
import Glibc

/// The variables that a command gives to a program.
struct VariableOptions: ParsableArguments {
    @Option(
        name: .joinable("e"),
        help: ArgumentHelp("Set a variable; a name alone passes this program's on.", valueName: "name[=value]")
    )
    var env: [String] = []

    @Option(help: ArgumentHelp("Set the variables that a file has, one on each line.", valueName: "file"))
    var envFile: [String] = []

    /// Those of the files first: the command line has the last word.
    var all: [String] {
        get throws {
            try (envFile.flatMap { try LinesFile($0).lines } + env).map { variable in
                guard variable.first != "=", !variable.isEmpty else {
                    throw ContainerOptionError.invalidVariable(variable)
                }
                guard !variable.contains("="), let value = getenv(variable) else { return variable }
                return "\(variable)=\(String(cString: value))"
            }
        }
    }
}

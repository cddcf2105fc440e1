/// The program that a container runs, and as whom, where and with what.
package struct ContainerProcess: Sendable, Codable {
    /// The program and its arguments; never empty.
    package let arguments: [String]
    /// `NAME=value` each.
    package let environment: [String]
    package let user: UserSpecification
    /// Absolute; made in the container where it is missing.
    package let workingDirectory: String
    /// Whether its standard streams are a terminal.
    package let hasTerminal: Bool

    /// What `defaults`, the image's wish, and `overrides`, the user's, come to.
    ///
    /// - Throws: ``SandboxError/noCommand``, ``SandboxError/invalidWorkingDirectory(_:)``.
    package init(_ defaults: ProcessDefaults, overrides: ProcessOverrides = ProcessOverrides()) throws(SandboxError) {
        arguments = Self.arguments(defaults, overrides)
        environment =
            overrides.keepsVariablesInPlace
            ? changing(defaults.environment, by: overrides.environment)
            : overriding(defaults.environment, by: overrides.environment)
        user = UserSpecification(overrides.user ?? defaults.user)
        let directory = overrides.workingDirectory ?? defaults.workingDirectory
        workingDirectory = directory.isEmpty ? "/" : directory
        hasTerminal = overrides.hasTerminal
        guard let program = arguments.first, !program.isEmpty else { throw .noCommand }
        guard workingDirectory.hasPrefix("/") else { throw .invalidWorkingDirectory(workingDirectory) }
        for text in arguments + environment + [workingDirectory] where text.utf8.contains(0) {
            throw .nullCharacter(in: text)
        }
    }

    /// A new entrypoint drops the image's command, which was meant for the old one.
    private static func arguments(_ defaults: ProcessDefaults, _ overrides: ProcessOverrides) -> [String] {
        if let entrypoint = overrides.entrypoint {
            return (entrypoint.isEmpty ? [] : [entrypoint]) + overrides.command
        }
        return defaults.entrypoint + (overrides.command.isEmpty ? defaults.command : overrides.command)
    }
}

/// The variables of `changes`, where they have a value, and behind them those of `environment` that they don't name.
private func overriding(_ environment: [String], by changes: [String]) -> [String] {
    let chosen = changing([], by: changes)
    let names = Set(changes.map(variableName))
    return chosen + environment.filter { !names.contains(variableName($0)) }
}

/// `environment` with the variables of `changes` set, or dropped where a change is a name only.
func changing(_ environment: [String], by changes: [String]) -> [String] {
    var result = environment
    for change in changes {
        let name = variableName(change)
        let place = result.firstIndex { variableName($0) == name }
        switch (place, change.utf8.count > name.utf8.count) {
        case (let place?, true): result[place] = change
        case (nil, true): result.append(change)
        case (let place?, false): result.remove(at: place)
        case (nil, false): break
        }
    }
    return result
}

private func variableName(_ variable: String) -> Substring { variable.prefix { $0 != "=" } }

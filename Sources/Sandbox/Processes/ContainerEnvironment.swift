/// The variables that a container's process starts with.
struct ContainerEnvironment {
    private static let defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    /// `NAME=value` each; HOME is missing where ``needsHome`` is true.
    let variables: [String]
    /// Whether HOME is to be what the image's /etc/passwd says.
    let needsHome: Bool
    /// The paths at which the program may be, in the order to try them.
    let candidates: [String]

    init(_ process: ContainerProcess, of container: Container) {
        func value(of name: String) -> Substring? {
            process.environment.last { $0.hasPrefix("\(name)=") }?.dropFirst(name.utf8.count + 1)
        }
        let path = value(of: "PATH") ?? Self.defaultPath[...]
        let terminal = process.hasTerminal ? ["TERM=xterm"] : []
        // In docker's order: whoever sets one of these sets it in its place.
        variables = changing(
            ["PATH=\(path)", "HOSTNAME=\(container.hostname)"] + terminal + container.linkVariables(),
            by: process.environment
        )
        needsHome = value(of: "HOME") == nil
        candidates = Self.candidates(for: process.arguments[0], path: path)
    }

    /// A program named with a slash is where it says. Else an empty or relative folder of PATH doesn't count: it
    /// would be the working folder, whatever stands there.
    private static func candidates(for program: String, path: Substring) -> [String] {
        if program.utf8.contains(UInt8(ascii: "/")) { return [program] }
        return path.split(separator: ":").filter { $0.hasPrefix("/") }.map { "\($0)/\(program)" }
    }
}

import Glibc
import SystemPackage

/// A credential helper, `docker-credential-fake`, that keeps one credential in a file.
struct FakeHelper: Sendable {
    private let folder: FilePath

    init(on bench: TestBench) throws {
        folder = try bench.makeFolder("helper")
        let kept = folder.appending("kept")
        let program = folder.appending("docker-credential-fake")
        try write("", to: kept)
        try write(
            """
            #!/bin/sh
            case $1 in
            store) cat >\(kept) ;;
            get)
                read -r address || :
                grep -F "\\"ServerURL\\":\\"$address\\"" \(kept) || { echo "credentials not found in native keychain"; exit 1; }
                ;;
            erase) : >\(kept) ;;
            esac
            """,
            to: program
        )
        chmod(program.string, 0o755)
    }

    /// As it came over standard input.
    var kept: String {
        get throws { String(decoding: try contents(ofFileAt: folder.appending("kept")), as: UTF8.self) }
    }

    /// `command`, where the helper is found.
    func run(_ command: Command) -> Command {
        var command = command
        command.environment["PATH"] = "\(folder):/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        return command
    }
}

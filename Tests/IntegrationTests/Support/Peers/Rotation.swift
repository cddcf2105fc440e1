import Glibc
import ImageSpec
import Synchronization
import SystemPackage

/// A program that gives another password each time it is run, as clouds' do: `p 1`, `p 2` and so on.
final class Rotation: Sendable {
    private let program: FilePath
    private let log: FilePath
    /// How many of the passwords are no longer good.
    private let revoked = Mutex(0)

    /// - Parameter lifetime: in seconds, as the program tells it.
    init(on bench: TestBench, lifetime: Int) throws {
        let folder = try bench.makeFolder("rotation")
        program = folder.appending("login")
        log = folder.appending("runs")
        try write("", to: log)
        try rewrite(
            #"""
            echo run >>\#(log)
            printf '{"Username":"user","Password":"p %s","expires_in":\#(lifetime)}' $(wc -l <\#(log))
            """#
        )
    }

    private func rewrite(_ script: String) throws {
        // Another file in its place: one that is being run can't be written to.
        let new = FilePath("\(program).new")
        try write("#!/bin/sh\n\(script)\n", to: new)
        chmod(new.string, 0o755)
        rename(new.string, program.string)
    }

    /// From now on it ends with status 9.
    func fail() throws {
        try rewrite("echo run >>\(log); exit 9")
    }

    /// How often it was run.
    var runs: Int { ((try? contents(ofFileAt: log)) ?? []).count { $0 == UInt8(ascii: "\n") } }

    /// `user:password` of the last run.
    var current: String { "user:p \(runs)" }

    /// The one password that is good.
    var valid: String { "user:p \(revoked.withLock { $0 } + 1)" }

    func revoke() {
        revoked.withLock { $0 += 1 }
    }

    func endpoint(at host: RegistryHost) -> String {
        "{url: 'http://\(host)', credential_command: [\(program)]}"
    }
}

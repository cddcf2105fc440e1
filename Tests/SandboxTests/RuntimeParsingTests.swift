import SystemPackage
import Testing

@testable import Sandbox

@Suite("OCI runtimes")
struct RuntimeParsingTests {
    @Test(
        "what a runtime says of the program is told apart from what it says of itself",
        arguments: [
            (#"exec: "x": executable file not found in $PATH"#, SandboxError.commandNotFound("x")),
            (#"create failed: exec: "/x": stat /x: no such file or directory"#, .commandNotFound("x")),
            ("executable file `x` not found in $PATH: No such file or directory", .commandNotFound("x")),
            (#"exec: "x": permission denied"#, .commandNotExecutable("x", .permissionDenied)),
            ("open executable: Operation not permitted", .commandNotExecutable("x", .permissionDenied)),
            (
                "exec container process (missing executable) `/x`: Exec format error",
                .commandNotExecutable("x", Errno(rawValue: 8))
            ),
            ("mount /a: no such file or directory", .runtimeFailed("true", "mount /a: no such file or directory")),
            ("executable is odd", .runtimeFailed("true", "executable is odd")),
        ]
    )
    func complaints(_ complaint: String, _ error: SandboxError) throws {
        let runtime = try RuntimeProgram("true", searchPath: "")
        #expect(SandboxError(runtime, complaint: complaint, command: "x") == error)
        #expect(SandboxError(runtime, complaint: complaint, command: nil) == .runtimeFailed("true", complaint))
    }

    @Test("the last complaint of a log counts, in one line; what isn't one is passed over")
    func log() throws {
        let workshop = try Workshop()
        let path = workshop.folder.appending("log.json")
        let lines = """
            {"level":"error","msg":"first"}
            {"level":"error","msg":"second\\nline","time":"2024-01-01T00:00:00Z"}
            {"level":"info","msg":"third"}
            no JSON
            {"msg":"without a level"}

            """
        try replaceFile(at: path, with: Array(lines.utf8), isDurable: false)
        #expect(RuntimeLog(path: path).complaint == "second line")
        try replaceFile(at: path, with: [], isDurable: false)
        #expect(RuntimeLog(path: path).complaint == nil)
        RuntimeLog(path: path).clear()
        #expect(RuntimeLog(path: path).complaint == nil)
    }

    @Test("a runtime is found by its path or its name, in the folders of the system, too, but never in a relative one")
    func search() throws {
        #expect(try RuntimeProgram("sh", searchPath: "").path.hasSuffix("/sh"))
        #expect(try RuntimeProgram("/bin/sh", searchPath: "").path == "/bin/sh")
        #expect(try RuntimeProgram("sh", searchPath: "relative:/bin").path == "/bin/sh")
        for name in ["", "no-such-runtime", "/bin", "/etc/passwd", "a\0b"] {
            #expect(throws: SandboxError.noRuntime(name)) { try RuntimeProgram(name, searchPath: "/bin") }
        }
    }
}

import Glibc
import SystemPackage
import Testing

@testable import Credentials

@Suite("Credential helpers", .timeLimit(.minutes(1)))
struct CredentialHelperTests {
    @Test("a helper gets its input and gives its answer and status, and no more of it than is read")
    func exchange() async throws {
        try await TemporaryFolder.use { folder in
            let program = try script("cat; printf '%s' \"-$1\"; exit 3", in: folder)
            let process = HelperProcess(program: program, timeLimit: .seconds(30), maximumAnswer: 1000)
            let answer = try await process.run("get", input: Array("hello".utf8))
            #expect(answer.text == "hello-get" && answer.status == 3)
            let long = try await process.run("get", input: [UInt8](repeating: 97, count: 300_000))
            #expect(long.text.count == 1000)
        }
    }

    @Test("a helper that doesn't end is ended, also when nobody waits for it any more")
    func endless() async throws {
        try await TemporaryFolder.use { folder in
            let program = try script("exec sleep 60", in: folder)
            let process = HelperProcess(program: program, timeLimit: .milliseconds(200), maximumAnswer: 10)
            let start = ContinuousClock.now
            await #expect(throws: CredentialError.self) { try await process.run("get", input: []) }
            let patient = HelperProcess(program: program, timeLimit: .seconds(60), maximumAnswer: 10)
            let task = Task { try await patient.run("get", input: []) }
            try await Task.sleep(for: .milliseconds(100))
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(ContinuousClock.now - start < .seconds(20))
        }
    }

    @Test("a helper that prints without end is ended long before its time is over")
    func endlessOutput() async throws {
        try await TemporaryFolder.use { folder in
            let program = try script("exec cat /dev/zero", in: folder)
            let process = HelperProcess(program: program, timeLimit: .seconds(60), maximumAnswer: 10)
            let start = ContinuousClock.now
            await #expect(throws: CredentialError.self) { try await process.run("get", input: []) }
            #expect(ContinuousClock.now - start < .seconds(20))
        }
    }

    private func script(_ body: String, in folder: FilePath) throws -> String {
        let path = folder.appending("helper")
        try write("#!/bin/sh\n\(body)\n", to: path)
        chmod(path.string, 0o755)
        return path.string
    }
}

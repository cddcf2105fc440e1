import Foundation
import RegistryClient
import Synchronization
import TestSupport
import Testing

@Suite("A lock file", .timeLimit(.minutes(1)))
struct LockFileTests {
    @Test("lets one in at a time, and is gone when nobody holds it")
    func oneAtATime() async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appending("lock")
            let inside = Inside()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        let lock = try await LockFile.acquire(at: path)
                        #expect(inside.enter() == 1)
                        try await Task.sleep(for: .milliseconds(1))
                        inside.leave()
                        lock.release()
                    }
                }
                try await group.waitForAll()
            }
            #expect(!FileManager.default.fileExists(atPath: path.string))
        }
    }

    @Test("is waited for until it is let go, or the waiting task is cancelled")
    func waiting() async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appending("lock")
            let held = try await LockFile.acquire(at: path)
            let impatient = Task { try await LockFile.acquire(at: path) }
            try await Task.sleep(for: .milliseconds(50))
            impatient.cancel()
            await #expect(throws: CancellationError.self) { try await impatient.value }
            let patient = Task { try await LockFile.acquire(at: path) }
            held.release()
            try await patient.value.release()
        }
    }

    @Test("is swept where its holder was killed, and left where somebody has it")
    func sweeping() async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appending("lock")
            let held = try await LockFile.acquire(at: path)
            try LockFile.removeIfFree(path)
            #expect(FileManager.default.fileExists(atPath: path.string))
            held.release()
            // What a killed process leaves.
            #expect(FileManager.default.createFile(atPath: path.string, contents: nil))
            try LockFile.removeIfFree(path)
            #expect(!FileManager.default.fileExists(atPath: path.string))
        }
    }

    @Test("that can't be made is an error, and nothing to wait for")
    func impossible() async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appending("lock")
            let inside = path.appending("missing")
            let error = await #expect(throws: FileError.self) { try await LockFile.acquire(at: inside) }
            #expect(error?.description == "can't open '\(inside)': No such file or directory")
        }
    }

    /// How many have the lock.
    private final class Inside: Sendable {
        private let count = Atomic(0)

        func enter() -> Int { count.add(1, ordering: .relaxed).newValue }
        func leave() { count.subtract(1, ordering: .relaxed) }
    }
}

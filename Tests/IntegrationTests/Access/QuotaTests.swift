import Access
import Foundation
import ImageSpec
import NIOHTTP1
import Storage
import SystemPackage
import Testing

@Suite("Quotas over HTTP")
struct QuotaTests {
    private func withRegistry(
        _ quotas: [Quota],
        _ body: @escaping @Sendable (RunningRegistry, FilePath) async throws -> Void
    ) async throws {
        try await TestBench.use { bench in
            let folder = try bench.makeFolder("data")
            try await Berthd.changeMetadata(in: folder) { store in
                for quota in quotas { try await store.setQuota(quota) }
            }
            try await body(try await Berthd.start(on: bench, folder: folder), folder)
        }
    }

    private func files(below folder: FilePath) -> Int {
        let all = FileManager.default.enumerator(atPath: folder.string)?.allObjects as? [String] ?? []
        return all.count { path in
            var isFolder: ObjCBool = false
            let exists = FileManager.default.fileExists(
                atPath: folder.appending(path).string,
                isDirectory: &isFolder
            )
            return exists && !isFolder.boolValue
        }
    }

    @Test("of clients who race for the last room exactly as many succeed as there is room for", arguments: [3, 8])
    func race(room: Int) async throws {
        let team = try RepositoryName("team")
        try await withRegistry([Quota(namespace: team, bytes: Int64(room) * 10_000, repositories: nil)]) {
            registry,
            folder in
            let replies = try await withThrowingTaskGroup(of: Reply.self) { group in
                for number in 0..<16 {
                    group.addTask {
                        let bytes = pseudorandomBytes(10_000, seed: UInt64(number + 1))
                        let uploads = "/v2/team/app\(number % 3)/blobs/uploads/"
                        let digest = Digest.of(bytes)
                        guard number % 2 == 0 else {
                            return try await registry.call(.POST, "\(uploads)?digest=\(digest)", body: bytes)
                        }
                        let start = try await registry.call(.POST, uploads)
                        guard let location = start.headers["location"].first else { return start }
                        let sent = try await registry.call(.PATCH, location, body: bytes)
                        guard sent.status == 202 else { return sent }
                        return try await registry.call(.PUT, "\(location)?digest=\(digest)")
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(replies.count { $0.status == 201 } == room)
            for refusal in replies where refusal.status != 201 {
                #expect(refusal.status == 403)
                #expect(refusal.errorCodes == ["DENIED"])
                #expect(refusal.text.contains("the namespace 'team' may hold \(room * 10_000) bytes"))
                #expect(refusal.errors.first?.detail?.first == "limit: \(room * 10_000) bytes")
            }
            // Nothing of those that were refused takes room on the disk.
            #expect(files(below: folder.appending("blobs")) == room)
            #expect(files(below: folder.appending("uploads")) == 0)
        }
    }

    @Test("what can't have room is refused before its bytes come, and what was deleted gives room at once")
    func early() async throws {
        try await withRegistry([Quota(namespace: nil, bytes: 1000, repositories: nil)]) { registry, _ in
            let large = pseudorandomBytes(1001)
            let connection = try RawConnection(to: registry.host)
            try connection.send(
                """
                POST /v2/app/blobs/uploads/?digest=\(Digest.of(large)) HTTP/1.1\r
                Host: \(registry.host)\r\nContent-Length: 1001\r\n\r\n
                """
            )
            // Not one byte of the body has been sent.
            #expect(try connection.read(until: "this registry may hold 1000 bytes").contains("HTTP/1.1 403"))

            let first = try await registry.push(pseudorandomBytes(1000), to: "app")
            let full = try await registry.call(.POST, "/v2/app/blobs/uploads/")
            #expect(full.status == 403)
            // What is here already needs no room.
            let again = try await registry.call(
                .POST,
                "/v2/other/blobs/uploads/?digest=\(first)",
                body: pseudorandomBytes(1000)
            )
            #expect(again.status == 201)
            for name in ["app", "other"] {
                #expect(try await registry.call(.DELETE, "/v2/\(name)/blobs/\(first)").status == 202)
            }
            try await registry.push(pseudorandomBytes(1000, seed: 7), to: "app")
        }
    }

    @Test("a namespace that has all its repositories takes no new one, by push or mount")
    func repositories() async throws {
        let team = try RepositoryName("team")
        try await withRegistry([Quota(namespace: team, bytes: nil, repositories: 1)]) { registry, _ in
            let digest = try await registry.push(pseudorandomBytes(10), to: "team/one")
            try await registry.push(pseudorandomBytes(10), to: "elsewhere")
            let refusals = [
                try await registry.call(.POST, "/v2/team/two/blobs/uploads/"),
                try await registry.call(.POST, "/v2/team/two/blobs/uploads/?mount=\(digest)&from=elsewhere"),
            ]
            for refusal in refusals {
                #expect(refusal.status == 403)
                #expect(refusal.text.contains("may hold 1 repositories and holds 1"))
            }
            try await registry.push(pseudorandomBytes(20), to: "team/one")
        }
    }
}

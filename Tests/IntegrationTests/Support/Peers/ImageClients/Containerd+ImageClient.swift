import ImageSpec

extension Containerd: ImageClient {
    var title: String { "ctr" }

    func push(_ image: BusyboxImage, as name: String) async throws {
        try await self("images", "import", image.dockerArchive.string).output()
        try await self("images", "tag", "docker.io/library/busybox:test", name).output()
        try await self("images", "push", "--plain-http", name).output()
    }

    func pull(_ name: String) async throws -> String {
        try await self("images", "pull", "--plain-http", name).output()
        let line = try await self("images", "list", "name==\(name)").output().split(separator: "\n").last
        let digest = line?.split(separator: " ").first { $0.hasPrefix("sha256:") }
        return try await Manifest.config(in: self("content", "get", String(digest ?? "")).run().standardOutput)
            .description
    }

    func clear() async throws {
        for name in try await self("images", "list", "--quiet").output().split(separator: "\n") {
            try await self("images", "remove", "--sync", String(name)).output()
        }
    }
}

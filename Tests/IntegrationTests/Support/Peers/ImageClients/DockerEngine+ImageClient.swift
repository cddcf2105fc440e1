extension DockerEngine: ImageClient {
    var title: String { "docker" }

    func push(_ image: BusyboxImage, as name: String) async throws {
        try await self("load", "--input", image.dockerArchive.string).output()
        try await self("tag", "busybox:test", name).output()
        try await self("push", name).output()
    }

    func pull(_ name: String) async throws -> String {
        try await self("pull", name).output()
        return try await self("image", "inspect", "--format", "{{.Id}}", name).output()
    }

    func clear() async throws {
        try await self("image", "prune", "--all", "--force").output()
    }
}

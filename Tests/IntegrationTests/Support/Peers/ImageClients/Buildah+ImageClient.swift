extension Buildah: ImageClient {
    var title: String { "buildah" }

    func push(_ image: BusyboxImage, as name: String) async throws {
        let id = try await self("pull", "--quiet", "docker-archive:\(image.dockerArchive)").output()
        try await self("push", "--tls-verify=false", id, "docker://\(name)").output()
    }

    func pull(_ name: String) async throws -> String {
        "sha256:" + (try await self("pull", "--quiet", "--tls-verify=false", "docker://\(name)").output())
    }

    func clear() async throws {
        try await self("rmi", "--all", "--force").output()
    }
}

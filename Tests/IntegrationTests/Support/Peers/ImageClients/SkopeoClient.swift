import ImageSpec
import SystemPackage

/// skopeo, which keeps an image as a folder of files.
struct SkopeoClient: ImageClient {
    let title = "skopeo"
    let folder: FilePath

    func push(_ image: BusyboxImage, as name: String) async throws {
        try await Skopeo.copy(image.ociName, to: "docker://\(name)", "--preserve-digests")
    }

    func pull(_ name: String) async throws -> String {
        try await Skopeo.copy("docker://\(name)", to: "dir:\(folder)", "--preserve-digests")
        return try Manifest.config(in: contents(ofFileAt: folder.appending("manifest.json"))).description
    }

    func clear() async throws {
        try await Command("rm", "-rf", folder.string).output()
    }
}

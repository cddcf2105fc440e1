import Foundation
import SystemPackage

/// skopeo, which copies images between registries, layouts and folders.
enum Skopeo {
    /// Copies an image without changing a byte of it; both names are skopeo's, such as `docker://127.0.0.1:5000/x:1`.
    static func copy(_ source: String, to destination: String, _ options: String...) async throws {
        var arguments = ["--insecure-policy", "copy", "--src-tls-verify=false", "--dest-tls-verify=false"]
        arguments += options + [source, destination]
        try await Command("skopeo", arguments).output()
    }

    /// The exact bytes of the manifest that `name` stands for.
    static func manifest(of name: String) async throws -> [UInt8] {
        let inspect = Command("skopeo", "--insecure-policy", "inspect", "--tls-verify=false", "--raw", name)
        let result = try await inspect.run()
        guard result.status == .exited(0) else {
            throw CommandError.failed(inspect.description, status: result.status, standardError: result.errorText)
        }
        return result.standardOutput
    }

    /// The tags of `repository`, which is named with its registry.
    static func tags(of repository: String) async throws -> [String] {
        let list = Command("skopeo", "list-tags", "--tls-verify=false", "docker://\(repository)")
        return try JSONDecoder().decode(TagList.self, from: Data(await list.output().utf8)).tags
    }

    private struct TagList: Decodable {
        let tags: [String]

        enum CodingKeys: String, CodingKey {
            case tags = "Tags"
        }
    }
}

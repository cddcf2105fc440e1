import SystemPackage

/// skopeo, whose store is an image layout: nothing is unpacked.
struct SkopeoClient: ImageClient {
    let folder: FilePath

    private var layout: String { "oci:\(folder.appending("layout")):image" }
    private var command: [String] { ["skopeo", "--insecure-policy", "copy", "--quiet"] }

    func pull(_ name: String) -> [String] { command + ["--src-tls-verify=false", "docker://\(name)", layout] }

    func push(_ source: String, as name: String) -> [[String]] {
        [command + ["--dest-tls-verify=false", layout, "docker://\(name)"]]
    }
}

import SystemPackage
import UserNamespaces

/// Removes the folder `path` and all beneath it, following no link.
///
/// - Parameter map: how those were mapped who wrote it; nil for as the caller's containers are now.
func removeTree(_ path: FilePath, map: UserMap? = nil) throws {
    do {
        try removeTree(at: path, map: map)
    } catch {
        throw SandboxError.system(operation: "remove", path: path, error)
    }
}

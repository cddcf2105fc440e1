import CSandbox
import Glibc
import SystemPackage

/// Removes the folder `path` and all beneath it, following no link, however deep it is.
///
/// What belongs to users and groups that are subordinate to the caller is removed in their name.
///
/// - Parameter map: how they were mapped; nil for as they are now.
package func removeTree(at path: FilePath, map: UserMap? = nil) throws(Errno) {
    let error = berth_remove_tree(path.string)
    guard error == EACCES || error == EPERM, let map = map ?? .ofCaller else { return try check(error) }
    let commands = MapCommands(map)
    try withExtendedLifetime(commands) { () throws(Errno) in
        try check(berth_remove_mapped_tree(path.string, commands.map))
    }
}

private func check(_ error: Int32) throws(Errno) {
    guard error == 0 else { throw Errno(rawValue: error) }
}

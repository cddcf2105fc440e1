import CConfinement
import Glibc
import SystemPackage

extension LayerWriter {
    /// Gives what was just written its owner, mode, attributes and times, in this order: a new owner takes away
    /// set-user-ID and the capabilities attribute.
    ///
    /// - Parameter file: the entry's file where it is open, which saves the kernel the way along its path.
    mutating func setMetadata(of entry: LayerEntry, open file: Int32? = nil) throws(LayerFailure) {
        let path = entry.path
        var owner: FileOwner?
        if case .copy(let copyOwner) = meaning { owner = copyOwner }
        // An ordinary user couldn't move a folder of somebody else's, and a layer's root is seen by nobody: a container
        // has that of its writable layer.
        if isPrivileged || !path.isRoot {
            try call("change the owner of", path, unless: isPrivileged ? [] : [.invalidArgument, .notPermitted]) {
                let (user, group) = (owner?.user ?? entry.user, owner?.group ?? entry.group)
                return if let file { fchown(file, user, group) } else { lchown($0, user, group) }
            }
        }
        if !entry.isSymbolicLink {
            try call("change the mode of", path) {
                if let file { fchmod(file, entry.mode) } else { chmod($0, entry.mode) }
            }
        }
        try setAttributes(of: entry)
        let times = [entry.accessTime ?? entry.modificationTime, entry.modificationTime]
        if entry.kind == .folder {
            postpone(times, of: path)
        } else if let file {
            try call("set the times of", path) { _ in futimens(file, times) }
        } else {
            try setTimes(of: path, to: times)
        }
    }

    func setTimes(of path: LayerPath, to times: [timespec]) throws(LayerFailure) {
        try call("set the times of", path) { utimensat(AT_FDCWD, $0, times, AT_SYMLINK_NOFOLLOW) }
    }

    private func setAttributes(of entry: LayerEntry) throws(LayerFailure) {
        // Some file systems have no attributes; an ordinary user may set few of them, and nobody `user.*` of a device.
        let isOrdinary = entry.kind == .file || entry.kind == .folder
        let accepted: [Errno] = isPrivileged && isOrdinary ? [.notSupported] : [.notSupported, .notPermitted]
        for (name, value) in entry.attributes where !Self.isOverlayAttribute(name) {
            try call("set the attribute \(name) of", entry.path, unless: accepted) {
                berth_set_attribute($0, name, value, value.count)
            }
        }
    }

    /// overlayfs's own attributes come from markers only, or an archive could forge what they say.
    private static func isOverlayAttribute(_ name: String) -> Bool {
        name.hasPrefix("trusted.overlay.") || name.hasPrefix("user.overlay.")
    }
}

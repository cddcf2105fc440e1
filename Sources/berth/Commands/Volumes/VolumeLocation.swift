import Sandbox
import SystemPackage

extension BerthCommand {
    /// Opens the volumes of this host.
    func openVolumes(_ location: StoreLocation) throws -> VolumeStore {
        try VolumeStore(root: FilePath(location.root ?? root))
    }
}

extension Container {
    /// Makes the volumes that the container uses and that aren't there, and gives each that is new what the image has
    /// at its place.
    ///
    /// - Parameter fill: gives a volume what the image has at a path.
    package func makeVolumes(fill: (_ volume: Volume, _ path: String) throws -> Void) throws {
        for mount in configuration.mounts.mounts {
            guard case .volume(let name, let isAnonymous) = mount.source else { continue }
            let volumes = try VolumeStore(root: store.root)
            _ = try volumes.findOrCreate(name, isAnonymous: isAnonymous)
            try volumes.populate(name) { volume in
                if mount.takesImageContent { try fill(volume, mount.target) }
            }
        }
    }

    /// Removes the volumes that were made for the container, which is no more, unless others use them by now.
    package func removeAnonymousVolumes() throws {
        let names = configuration.anonymousVolumeNames
        guard !names.isEmpty else { return }
        let volumes = try VolumeStore(root: store.root)
        for name in names {
            do {
                try volumes.remove(name) { name in
                    try store.all().filter { $0.configuration.volumeNames.contains(name) }.map(\.id)
                }
            } catch SandboxError.volumeInUse, SandboxError.noSuchVolume {
                continue
            }
        }
    }
}

extension ContainerConfiguration {
    /// The volumes that the container uses.
    package var volumeNames: [VolumeName] {
        mounts.mounts.compactMap {
            guard case .volume(let name, _) = $0.source else { return nil }
            return name
        }
    }

    /// Those of them that were made for this container.
    package var anonymousVolumeNames: [VolumeName] {
        mounts.mounts.compactMap {
            guard case .volume(let name, isAnonymous: true) = $0.source else { return nil }
            return name
        }
    }
}

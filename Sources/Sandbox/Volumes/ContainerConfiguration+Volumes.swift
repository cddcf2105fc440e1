extension ContainerConfiguration {
    /// The volumes that the container uses.
    package var volumeNames: [VolumeName] { [] }
}

import SystemPackage

/// A folder of this host that containers share and that outlives them.
package struct Volume: Sendable {
    static let contentFolder = "_data"

    package let name: VolumeName
    package let record: VolumeRecord
    /// The volume's own, with its record.
    let home: FilePath

    /// What containers see.
    package var folder: FilePath { home.appending(Self.contentFolder) }
}

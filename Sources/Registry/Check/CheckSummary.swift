/// What a check has looked at, and how much it found.
package struct CheckSummary: Sendable, Hashable {
    package var repositories = 0
    package var manifests = 0
    package var blobs = 0
    /// Of all blobs, in bytes.
    package var byteCount: Int64 = 0
    package var uploads = 0
    /// How many findings there were of each kind.
    package var findings: [CheckFinding.Kind: Int] = [:]

    /// Whether all that was acknowledged is there, as it was.
    package var isClean: Bool { findings[.damage, default: 0] == 0 }
}

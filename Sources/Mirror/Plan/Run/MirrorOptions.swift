/// How a plan is carried out.
package struct MirrorOptions: Sendable {
    /// How many images go at once.
    package var jobs = 4
    /// Whether nothing is changed, and only said what would be.
    package var isDryRun = false
    /// Whether also what seems to be there is looked through for what it lacks.
    package var verifies = false
    /// A layout or archive that stands for all destinations.
    package var export: ImageLocation?
    /// Layouts or archives whose blobs need not go into that one.
    package var earlier: [ImageLocation] = []
    /// A layout or archive that stands for all sources.
    package var origin: ImageLocation?

    package init() {}
}

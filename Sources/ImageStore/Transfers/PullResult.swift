/// A pulled image.
package struct PullResult: Sendable {
    package let image: LocalImage
    /// Whether the name stood for the same image here before.
    package let wasUpToDate: Bool
}

/// How much of a list is read from a registry: more than honest ones have.
enum ListLimits {
    /// In bytes, of one page.
    static let pageSize = 4 << 20
    /// In bytes, of all pages.
    static let size = 256 << 20
    static let pages = 10_000
    static let entries = 1_000_000
}

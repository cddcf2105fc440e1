/// A token that was made for somebody.
package struct IssuedToken: Sendable {
    package let text: String
    /// Seconds since 1970.
    package let issuedAt: Int64
    /// In seconds.
    package let lifetime: Int64
}

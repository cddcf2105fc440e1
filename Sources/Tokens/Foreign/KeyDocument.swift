/// Brings the bytes of a document over the network or from a file; the room itself does no I/O.
///
/// It must end on its own within seconds, and give no more than ``KeyDocument/maximumLength`` bytes.
package typealias KeyFetch = @Sendable (KeyDocument) async throws -> [UInt8]

/// Which bytes are wanted.
package enum KeyDocument: Sendable, Hashable {
    /// In bytes; longer ones are refused.
    package static let maximumLength = 512 << 10

    /// - authorities: files in PEM with those who are trusted beside those whom the system trusts.
    case url(String, authorities: [String])
    case file(String)
}

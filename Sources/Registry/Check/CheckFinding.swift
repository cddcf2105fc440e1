/// One thing that a check has found.
package struct CheckFinding: Sendable, Hashable {
    package enum Kind: String, Sendable, CaseIterable {
        /// Something is broken: what was acknowledged can't be served, or not as it was.
        case damage
        /// Bytes or sessions that nobody names any more: the server's next start drops them.
        case litter
        /// Nothing is wrong, but somebody may wonder.
        case remark
    }

    package let kind: Kind
    /// What it is, with the names to find it by.
    package let text: String

    init(_ kind: Kind, _ text: String) {
        self.kind = kind
        self.text = text
    }
}

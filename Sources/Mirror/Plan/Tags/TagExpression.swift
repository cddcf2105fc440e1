/// A regular expression that is to match the whole of a tag.
package struct TagExpression: Sendable, Hashable {
    package let text: String

    /// - Throws: ``PlanError/invalidPattern(_:reason:)``.
    package init(_ text: String) throws(PlanError) {
        self.text = text
        do {
            _ = try Regex(text)
        } catch {
            throw .invalidPattern(text, reason: "\(error)")
        }
    }

    func matches(_ name: String) -> Bool {
        // Made anew, as it can't go from one task to another; it has been proven to be one.
        guard let expression = try? Regex(text) else { return false }
        return (try? expression.wholeMatch(in: name)) != nil
    }
}

/// What a request is answered with, and whether it may be outdated.
@dynamicMemberLookup
package struct Served<Value: Sendable>: Sendable {
    package let value: Value
    /// Why it is what was known before, when the upstream could not be asked; nil when it is current.
    package let staleness: String?

    package subscript<Member>(dynamicMember path: KeyPath<Value, Member>) -> Member { value[keyPath: path] }

    package init(_ value: Value, staleness: String? = nil) {
        self.value = value
        self.staleness = staleness
    }
}

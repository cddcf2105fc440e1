/// What may be done with a repository.
package struct Actions: OptionSet, Sendable, Hashable {
    package let rawValue: Int

    package init(rawValue: Int) {
        self.rawValue = rawValue
    }

    package static let pull = Actions(rawValue: 1)
    package static let push = Actions(rawValue: 2)
    package static let delete = Actions(rawValue: 4)
    /// All of the others, and to say who else may.
    package static let administer = Actions(rawValue: 8)
    package static let all: Actions = [.pull, .push, .delete, .administer]

    private static let names: [(name: String, action: Actions)] = [
        ("pull", .pull), ("push", .push), ("delete", .delete), ("administer", .administer),
    ]

    /// Reads names with commas between, as `pull,push`.
    ///
    /// - Throws: ``AccessError/invalidActions(_:)``.
    package init(_ text: some StringProtocol) throws(AccessError) {
        var actions: Actions = []
        for word in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let known = Self.names.first(where: { $0.name == word }) else {
                throw .invalidActions(String(text.prefix(100)))
            }
            actions.formUnion(known.action)
        }
        self = actions
    }

    /// What these allow: who administers may do everything.
    package var allowed: Actions { contains(.administer) ? .all : self }
}

extension Actions: CustomStringConvertible {
    package var description: String {
        Self.names.filter { contains($0.action) }.map(\.name).joined(separator: ",")
    }
}

import CSandbox
import UserNamespaces

/// Whom a process runs as, in numbers.
struct ProcessIdentity: Sendable, Equatable {
    /// As many as a plan has room for.
    static let maximumGroups = Int(BERTH_MAXIMUM_GROUPS)

    var user: UInt32
    var group: UInt32
    var supplementaryGroups: [UInt32]
    /// The default for HOME.
    var home: String
}

extension ProcessIdentity {
    /// Whether a container with this map has all of it; without one it has root only, whose further groups are none.
    func isMapped(by map: UserMap?) -> Bool {
        guard let map else { return user == 0 && group == 0 }
        return map.contains(user: user) && ([group] + supplementaryGroups).allSatisfy(map.contains(group:))
    }
}

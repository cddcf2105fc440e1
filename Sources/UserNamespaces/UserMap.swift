/// Which users and groups of the host those of an ordinary user's container are.
///
/// Root is the user; those from 1 on are the user's subordinate ones, in the order of /etc/subuid and /etc/subgid. Its
/// text, `0:1000:1,1:100000:65536/0:1000:1,1:100000:65536`, names users, then groups, each as
/// `inside:outside:count`.
///
/// - SeeAlso: user_namespaces(7), subuid(5), newuidmap(1).
package struct UserMap: Sendable, Hashable {
    /// Numbers that follow one another, and what they are outside.
    package struct Extent: Sendable, Hashable {
        package let inside: UInt32
        package let outside: UInt32
        package let count: UInt32

        package init(inside: UInt32, outside: UInt32, count: UInt32) {
            self.inside = inside
            self.outside = outside
            self.count = count
        }

        func contains(_ number: UInt32) -> Bool { number >= inside && number - inside < count }
    }

    package let users: [Extent]
    package let groups: [Extent]

    package init(users: [Extent], groups: [Extent]) {
        self.users = users
        self.groups = groups
    }

    package func contains(user: UInt32) -> Bool { users.contains { $0.contains(user) } }
    package func contains(group: UInt32) -> Bool { groups.contains { $0.contains(group) } }
}

extension UserMap: CustomStringConvertible {
    package var description: String { "\(Self.text(users))/\(Self.text(groups))" }

    /// Reads what ``description`` gives; nil when it isn't that.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Self.extents($0) }
        guard parts.count == 2, let users = parts[0], let groups = parts[1] else { return nil }
        self.init(users: users, groups: groups)
    }

    private static func text(_ extents: [Extent]) -> String {
        extents.map { "\($0.inside):\($0.outside):\($0.count)" }.joined(separator: ",")
    }

    private static func extents(_ text: some StringProtocol) -> [Extent]? {
        var extents: [Extent] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let numbers = part.split(separator: ":", omittingEmptySubsequences: false).map { UInt32($0) }
            guard numbers.count == 3, let inside = numbers[0], let outside = numbers[1], let count = numbers[2],
                count > 0, !inside.addingReportingOverflow(count).overflow,
                !outside.addingReportingOverflow(count).overflow
            else { return nil }
            extents.append(Extent(inside: inside, outside: outside, count: count))
        }
        return extents
    }
}

extension UserMap: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let map = UserMap(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "'\(text)' maps no users")
        }
        self = map
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

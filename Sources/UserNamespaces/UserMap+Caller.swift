import Glibc

extension UserMap {
    /// The map that the caller's containers and layers get; nil where they get no users but root: the caller has no
    /// subordinate users and groups, or nobody here may map them. Root needs none.
    package static let ofCaller: UserMap? = {
        let (user, group) = (getuid(), getgid())
        guard user != 0, user == geteuid(), MapTools.arePossible, let name = name(of: user) else { return nil }
        let users = SubordinateRanges(at: "/etc/subuid", of: user, named: name)
        let groups = SubordinateRanges(at: "/etc/subgid", of: user, named: name)
        guard !users.ranges.isEmpty, !groups.ranges.isEmpty else { return nil }
        let map = UserMap(users: users.extents(own: user), groups: groups.extents(own: group))
        // In a container of somebody else's there may be ranges that only look as if they were there.
        guard HostIDs(at: "/proc/self/uid_map").contain(map.users),
            HostIDs(at: "/proc/self/gid_map").contain(map.groups)
        else { return nil }
        return map
    }()

    /// The tools want a name of their caller.
    private static func name(of user: UInt32) -> String? {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        var room = [CChar](repeating: 0, count: 16 << 10)
        guard getpwuid_r(user, &entry, &room, room.count, &found) == 0, found != nil, let name = entry.pw_name else {
            return nil
        }
        return String(cString: name)
    }
}

import CSandbox
import Glibc

/// The programs that may map what is subordinate to their caller: newuidmap and newgidmap, of shadow's `uidmap`.
enum MapTools {
    /// Not by PATH: monitors have none.
    private static let folders = ["/usr/bin", "/bin", "/usr/local/bin", "/run/wrappers/bin"]

    static let users = find("newuidmap")
    static let groups = find("newgidmap")

    /// Whether both are there, and have the power that they need when this process starts them.
    static var arePossible: Bool {
        [users, groups].allSatisfy { $0.map { berth_is_privileged_program($0) } ?? false }
    }

    private static func find(_ program: String) -> String? {
        folders.map { "\($0)/\(program)" }.first { access($0, X_OK) == 0 }
    }
}

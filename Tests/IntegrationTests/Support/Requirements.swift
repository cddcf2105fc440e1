import Glibc
import Testing

extension Trait where Self == ConditionTrait {
    /// Skips the test, and says so, where a program it needs isn't installed or its user may not run it.
    static func needs(_ programs: String..., root: Bool = false) -> Self {
        let missing = programs.filter { !isInstalled($0) }
        let reasons =
            missing.map { "\($0) is not installed (Tests/install-packages.sh tests)" }
            + (root && geteuid() != 0 ? ["it must be run as root"] : [])
        for reason in reasons { print("SKIPPED a test: \(reason)") }
        return .enabled(if: reasons.isEmpty, Comment(rawValue: reasons.joined(separator: "; ")))
    }
}

private func isInstalled(_ program: String) -> Bool {
    let path = getenv("PATH").map { String(cString: $0) } ?? ""
    return path.split(separator: ":").contains { access("\($0)/\(program)", X_OK) == 0 }
}

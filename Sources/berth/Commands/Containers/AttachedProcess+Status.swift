import Sandbox

extension AttachedProcess.End {
    /// What a command ends with that went along with a process: whoever leaves it has done what he wanted.
    var status: Int32 {
        switch self {
        case .exited(let status): status
        case .detached: 0
        }
    }
}

import Glibc
import SystemPackage

/// The programs of this package, as the build left them beside the test bundle.
enum BuiltProgram: String, Sendable {
    case berth
    case berthd
    case berthMonitor = "berth-monitor"

    var path: FilePath {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
        precondition(count > 0, "/proc/self/exe names this program")
        return FilePath(platformString: buffer).removingLastComponent().appending(rawValue)
    }

    /// The program with `arguments`.
    func command(_ arguments: [String]) -> Command {
        Command(path.string, arguments)
    }
}

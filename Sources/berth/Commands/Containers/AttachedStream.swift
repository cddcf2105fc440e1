import ArgumentParser
import Sandbox

/// A stream of a container's program that `berth run` is to go along with.
enum AttachedStream: String, CaseIterable, ExpressibleByArgument {
    case stdin, stdout, stderr

    /// In any case, as docker takes them.
    init?(argument: String) {
        self.init(rawValue: argument.lowercased())
    }

    /// Nil for the input, which `-i` opens.
    var output: OutputStream? {
        switch self {
        case .stdin: nil
        case .stdout: .standardOutput
        case .stderr: .standardError
        }
    }
}

import FoundationEssentials
import Glibc
import SystemPackage

/// Which system calls a container's programs may make, in docker's form.
///
/// - SeeAlso: docker's "Seccomp security profiles for Docker"; OCI runtime-spec, "Seccomp".
package struct SeccompProfile: Sendable, Equatable {
    /// In bytes, of a profile in a file.
    static let maximumSize = 4 << 20

    /// What happens to calls that no rule is for.
    package var defaultAction: String
    package var defaultErrorNumber: UInt32?
    /// The native architecture and those that programs for it may switch to; `SCMP_ARCH_…` each.
    package var architectures: [String]
    package var rules: [SeccompRule]

    /// Reads a profile.
    ///
    /// - Throws: ``SeccompError/unreadableProfile(_:_:)``, ``SeccompError/notAProfile(_:reason:)``, …
    package init(contentsOf path: String) throws(SeccompError) {
        let bytes = try Self.read(path)
        do {
            self = try JSONDecoder().decode(SeccompProfile.self, from: Data(bytes))
        } catch DecodingError.keyNotFound(let key, _) {
            throw .notAProfile(path, reason: "'\(key.stringValue)' is missing")
        } catch DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context) {
            let place = context.codingPath.map(\.stringValue).joined(separator: ".")
            throw .notAProfile(path, reason: "'\(place)' is of another kind")
        } catch {
            throw .notAProfile(path, reason: "it is not JSON")
        }
    }

    private static func read(_ path: String) throws(SeccompError) -> [UInt8] {
        do {
            let file = try FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec)
            return try file.closeAfter {
                var bytes: [UInt8] = []
                var chunk = [UInt8](repeating: 0, count: 64 << 10)
                while case let count = try chunk.withUnsafeMutableBytes({ try file.read(into: $0) }), count > 0 {
                    bytes += chunk[..<count]
                    guard bytes.count <= maximumSize else { throw SeccompError.profileTooLarge(path) }
                }
                return bytes
            }
        } catch let error as SeccompError {
            throw error
        } catch {
            throw .unreadableProfile(path, error as? Errno ?? .ioError)
        }
    }

    init(defaultAction: String, architectures: [String], rules: [SeccompRule]) {
        self.defaultAction = defaultAction
        self.architectures = architectures
        self.rules = rules
    }
}

extension SeccompProfile: Decodable {
    private enum CodingKeys: String, CodingKey {
        case defaultAction, defaultErrnoRet, architectures, archMap, syscalls, listenerPath
    }

    private struct ArchitectureFamily: Decodable {
        let architecture: String
        let subArchitectures: [String]?
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        defaultAction = try values.decode(String.self, forKey: .defaultAction)
        defaultErrorNumber = try values.decodeIfPresent(UInt32.self, forKey: .defaultErrnoRet)
        let families = try values.decodeIfPresent([ArchitectureFamily].self, forKey: .archMap) ?? []
        let family = families.first { $0.architecture == SeccompFilter.nativeArchitecture }
        architectures =
            try values.decodeIfPresent([String].self, forKey: .architectures)
            ?? family.map { [$0.architecture] + ($0.subArchitectures ?? []) } ?? []
        rules = try values.decodeIfPresent([SeccompRule].self, forKey: .syscalls) ?? []
    }
}

import SystemPackage

/// The password file can't be read.
package struct PasswordFileError: Error, CustomStringConvertible {
    package let path: FilePath
    package let reason: String

    package var description: String { "the password file '\(path)' can't be read: \(reason)" }
}

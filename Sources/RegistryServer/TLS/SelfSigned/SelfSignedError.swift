import Glibc

/// A certificate of our own could not be made.
package struct SelfSignedError: Error, CustomStringConvertible {
    package let description: String

    init(folder: String, reason: String) {
        description = "can't make a certificate in '\(folder)': \(reason)"
    }

    /// What the system said just now.
    init(writing file: String) {
        description = "can't write '\(file)': \(String(cString: strerror(errno)))"
    }
}

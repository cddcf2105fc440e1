/// A user and password as a client sent them: for an upstream to judge, and for nobody to read.
package struct BasicCredential: Sendable, Hashable {
    package let username: String
    package let password: String

    package init(username: String, password: String) {
        self.username = username
        self.password = password
    }
}

extension BasicCredential: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Never the password: descriptions end in logs.
    package var description: String { "the password of '\(username)'" }

    package var debugDescription: String { description }

    package var customMirror: Mirror { Mirror(self, children: []) }
}

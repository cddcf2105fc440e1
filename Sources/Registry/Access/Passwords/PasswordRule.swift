import Access

/// What passwords may be.
enum PasswordRule {
    /// In characters.
    private static let minimumLength = 8
    /// In bytes: bcrypt reads no more of them.
    private static let maximumLength = 72

    /// - Throws: ``AccessControlError/passwordInvalid(reason:)``.
    static func check(_ password: String) throws(AccessControlError) {
        guard password.count >= minimumLength else {
            throw .passwordInvalid(reason: "a password should have \(minimumLength) characters or more")
        }
        guard password.utf8.count <= maximumLength else {
            throw .passwordInvalid(reason: "a password can have \(maximumLength) bytes at most, this one has more")
        }
        guard !password.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f }) else {
            throw .passwordInvalid(reason: "a password can't have control characters in it")
        }
        guard !TokenSecret.isMeant(by: password) else {
            throw .passwordInvalid(reason: "a password can't begin as the secrets of access tokens do")
        }
    }
}

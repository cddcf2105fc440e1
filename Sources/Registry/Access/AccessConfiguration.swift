import SystemPackage

/// How callers are known, and what holds while nobody is.
package struct AccessConfiguration: Sendable {
    /// Whether whoever gets here may do everything while there is no account at all.
    package var isOpenWithoutAccounts = true
    /// Whether others vouch for callers too, so that there being no account doesn't mean that none is wanted.
    package var hasIssuers = false
    /// A file as htpasswd writes it: its users are accounts too, where there is none of their name.
    package var passwordFile: FilePath?
    /// bcrypt's cost of new passwords: the next higher takes twice as long to make, to verify and to guess.
    package var passwordCost = 12
    package var lockout = LockoutRule()

    package init() {}
}

import Access
import ImageSpec

/// What is stored of accounts, access tokens, grants and repositories' rules.
///
/// A change is one transaction, and the revision grows with it: that is how other processes notice it.
package protocol AccessMetadata: Sendable {
    /// All of it, as it stands at one moment.
    ///
    /// - Throws: ``StorageError/corruptRow(table:reason:)``.
    func accessState() async throws -> AccessState

    /// What ``accessState()`` would have as its revision: far cheaper to ask for.
    func accessRevision() async throws -> Int64

    /// Adds an account, with its groups.
    ///
    /// - Parameter isFirst: it is added only when there is none at all.
    /// - Returns: whether it was; not when there is one of that name.
    func addAccount(_ account: Account, asFirst isFirst: Bool) async throws -> Bool

    /// Removes an account, with its memberships, its tokens and what was granted to it: whoever has that name next has
    /// none of them.
    ///
    /// - Returns: whether there was one.
    func removeAccount(_ name: AccountName) async throws -> Bool

    /// - Parameter hash: nil to leave it without a password.
    /// - Returns: whether there is such an account.
    func setPasswordHash(_ hash: String?, of name: AccountName) async throws -> Bool

    /// - Returns: whether there is such an account.
    func setEnabled(_ isEnabled: Bool, _ name: AccountName) async throws -> Bool

    /// - Returns: whether there is such an account.
    func setAdministrator(_ isAdministrator: Bool, _ name: AccountName) async throws -> Bool

    /// Puts somebody in a group, which comes to be with its first member.
    func addMember(_ name: AccountName, to group: GroupName) async throws

    /// - Returns: whether they were in it.
    func removeMember(_ name: AccountName, from group: GroupName) async throws -> Bool

    /// Ends a group, with what was granted to it.
    ///
    /// - Returns: whether it had members or grants.
    func removeGroup(_ group: GroupName) async throws -> Bool

    /// - Parameter needsAccount: whether its owner must be one of the accounts that are stored.
    /// - Returns: whether it was added; not when its owner has gone.
    func addToken(_ token: AccessToken, needsAccount: Bool) async throws -> Bool

    /// Adds a token in place of those of its kind that its owner has, which end at `time`, or before when they would.
    ///
    /// - Parameters:
    ///   - count: how many of those are kept at most, the newest.
    ///   - time: in seconds since 1970.
    /// - Returns: whether it was added; not when its owner has gone.
    func rotateToken(to token: AccessToken, keeping count: Int, until time: Int64) async throws -> Bool

    /// - Returns: whether there was one.
    func removeToken(_ id: String) async throws -> Bool

    /// Removes the tokens of `owner` that are of one of `kinds`.
    ///
    /// - Parameter count: how many are kept, the newest.
    /// - Returns: how many there were.
    func removeTokens(of owner: AccountName, _ kinds: Set<AccessToken.Kind>, keeping count: Int) async throws -> Int

    /// Removes the tokens that ended before `time`, in seconds since 1970.
    ///
    /// - Returns: how many there were.
    func removeTokens(endedBefore time: Int64) async throws -> Int

    /// Grants something; what the subject was granted for the same pattern before ends.
    func setGrant(_ grant: Grant) async throws

    /// - Returns: whether there was one.
    func removeGrant(to subject: GrantSubject, on pattern: RepositoryPattern) async throws -> Bool

    /// Sets what holds for a pattern, all of it; what is nil does no more.
    func setRule(_ rule: RepositoryRule) async throws

    /// - Returns: whether there was one.
    func removeRule(_ pattern: RepositoryPattern) async throws -> Bool
}

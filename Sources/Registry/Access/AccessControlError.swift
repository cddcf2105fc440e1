import Access
import ImageSpec

/// Why accounts, and what they may do, aren't changed as somebody asks.
package enum AccessControlError: Error, Sendable, Hashable {
    /// This registry is open to all, with no accounts to change.
    case noAccounts
    case accountUnknown(AccountName)
    case accountExists(AccountName)
    /// It is one of the password file's.
    case accountInPasswordFile(AccountName)
    /// It would leave nobody who may change anything.
    case lastAdministrator(AccountName)
    case passwordInvalid(reason: String)
    case groupUnknown(GroupName)
    case notMember(AccountName, GroupName)
    case notRobot(AccountName)
    case notPerson(AccountName)
    case tokenUnknown(String)
    case tokenInvalid(reason: String)
    case tooManyTokens(limit: Int)
    case grantUnknown(GrantSubject, RepositoryPattern)
    case grantInvalid(reason: String)
    case ruleUnknown(RepositoryPattern)
    case ruleInvalid(reason: String)
    /// The secret isn't the one of this start, or there is an account already.
    case setupEnded
    case quotaUnknown(RepositoryName?)
    case quotaInvalid(reason: String)
    /// The caller has no account here: another provider vouches for them.
    case accountElsewhere(String)
    /// As many passwords wait to be hashed as may.
    case busy
}

extension AccessControlError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .noAccounts: "this registry has no accounts"
        case .accountUnknown(let name): "there is no account '\(name)'"
        case .accountExists(let name): "there is an account '\(name)' already"
        case .accountInPasswordFile(let name):
            "the account '\(name)' is one of the password file's: change it there"
        case .lastAdministrator(let name):
            "'\(name)' is the last administrator who may log in; make another one first"
        case .passwordInvalid(let reason): reason
        case .groupUnknown(let name): "there is no group '\(name)'"
        case .notMember(let name, let group): "'\(name)' is not in the group '\(group)'"
        case .notRobot(let name): "'\(name)' is no robot"
        case .notPerson(let name): "'\(name)' is a robot, which has no password and makes no tokens"
        case .tokenUnknown(let id): "there is no token '\(id)'"
        case .tokenInvalid(let reason): reason
        case .tooManyTokens(let limit):
            "there are \(limit) tokens of this account, which is as many as it may have; revoke some first"
        case .grantUnknown(let subject, let pattern): "nothing on \(pattern) is granted to \(subject)"
        case .grantInvalid(let reason): reason
        case .ruleUnknown(let pattern): "there is no rule for \(pattern)"
        case .ruleInvalid(let reason): reason
        case .setupEnded:
            "this is not the secret of the server's last start, or there is an account already"
        case .quotaUnknown(let namespace):
            "there is no quota of \(namespace.map { "the namespace '\($0)'" } ?? "the registry")"
        case .quotaInvalid(let reason): reason
        case .accountElsewhere(let name): "'\(name)' has no account here: another provider vouches for them"
        case .busy: "as many passwords wait to be looked at as may; try again later"
        }
    }
}

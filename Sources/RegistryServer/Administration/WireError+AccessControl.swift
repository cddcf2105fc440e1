import Access
import Registry

extension WireError {
    init(_ error: AccessControlError) {
        let message = error.description
        switch error {
        case .accountUnknown, .groupUnknown, .notMember, .tokenUnknown, .grantUnknown, .ruleUnknown, .quotaUnknown:
            self.init(.notFound, .unknown, message)
        case .noAccounts, .accountExists, .accountInPasswordFile, .lastAdministrator, .notRobot, .notPerson,
            .tooManyTokens:
            self.init(.conflict, .denied, message)
        case .passwordInvalid, .tokenInvalid, .grantInvalid, .ruleInvalid, .quotaInvalid:
            self.init(.badRequest, .unsupported, message)
        case .setupEnded, .accountElsewhere:
            self.init(.forbidden, .denied, message)
        case .busy: self = .tooManyLogins
        }
    }
}

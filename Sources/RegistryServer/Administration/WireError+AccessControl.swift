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
        case .denied, .setupEnded, .accountElsewhere:
            self.init(.forbidden, .denied, message)
        case .loginRequired:
            // Signed tokens are for repositories: here one logs in as oneself.
            self.init(
                .unauthorized,
                .unauthorized,
                message,
                headers: [.wwwAuthenticate: "Basic realm=\"berth\", charset=\"UTF-8\""]
            )
        case .busy: self = .tooManyLogins
        }
    }
}

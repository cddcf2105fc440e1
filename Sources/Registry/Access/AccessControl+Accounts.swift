import Access
import Storage

extension AccessControl {
    /// Adds an account of a person.
    ///
    /// - Parameter password: nil for one that can only be logged in to by tokens.
    /// - Throws: ``AccessControlError``, ``StorageError``.
    package func addPerson(
        _ name: AccountName,
        password: String?,
        isAdministrator: Bool = false,
        groups: Set<GroupName> = []
    ) async throws {
        var account = Account(
            name: name,
            isAdministrator: isAdministrator,
            groups: groups,
            createdAt: Self.now
        )
        if let password { account.passwordHash = try await hash(password) }
        guard try await metadata.addAccount(account, asFirst: false) else {
            throw AccessControlError.accountExists(name)
        }
        try await reload()
    }

    /// Makes the one account that there is, an administrator's.
    ///
    /// - Throws: ``AccessControlError/setupEnded`` when there is one.
    package func addFirstAdministrator(_ name: AccountName, password: String) async throws {
        guard policy.accounts.isEmpty else { throw AccessControlError.setupEnded }
        let account = Account(
            name: name,
            isAdministrator: true,
            passwordHash: try await hash(password),
            createdAt: Self.now
        )
        guard try await metadata.addAccount(account, asFirst: true) else { throw AccessControlError.setupEnded }
        try await reload()
    }

    /// Removes an account with all that was granted to it.
    ///
    /// - Throws: ``AccessControlError/accountUnknown(_:)``, ``AccessControlError/lastAdministrator(_:)``.
    package func removeAccount(_ name: AccountName) async throws {
        try checkThatAdministratorsStay(without: name)
        try await change(name) { try await $0.removeAccount(name) }
    }

    /// - Throws: ``AccessControlError/passwordInvalid(reason:)``, ``AccessControlError/accountUnknown(_:)``.
    package func setPassword(_ password: String, of name: AccountName) async throws {
        if policy.accounts[name]?.kind == .robot { throw AccessControlError.notPerson(name) }
        let hash = try await hash(password)
        try await change(name) { metadata in
            guard try await metadata.setPasswordHash(hash, of: name) else { return false }
            // Whoever knew the old password may hold what it was changed into.
            _ = try await metadata.removeTokens(of: name, [.refresh], keeping: 0)
            return true
        }
    }

    /// Lets an account prove itself, or not: what it was granted stays.
    package func setEnabled(_ isEnabled: Bool, _ name: AccountName) async throws {
        if !isEnabled { try checkThatAdministratorsStay(without: name) }
        try await change(name) { try await $0.setEnabled(isEnabled, name) }
    }

    package func setAdministrator(_ isAdministrator: Bool, _ name: AccountName) async throws {
        if !isAdministrator { try checkThatAdministratorsStay(without: name) }
        if isAdministrator, policy.accounts[name]?.kind == .robot { throw AccessControlError.notPerson(name) }
        try await change(name) { try await $0.setAdministrator(isAdministrator, name) }
    }

    /// The account, wherever it is from.
    func account(_ name: AccountName) throws(AccessControlError) -> Account {
        guard let account = policy.accounts[name] else { throw .accountUnknown(name) }
        return account
    }

    /// Makes a change of an account that is stored here, by what says whether it is.
    private func change(
        _ name: AccountName,
        _ change: (any AccessMetadata) async throws -> Bool
    ) async throws {
        guard try await change(metadata) else {
            throw isInPasswordFile(name)
                ? AccessControlError.accountInPasswordFile(name) : AccessControlError.accountUnknown(name)
        }
        try await reload()
    }

    private func checkThatAdministratorsStay(without name: AccountName) throws(AccessControlError) {
        let administrators = policy.accounts.values.filter { $0.isAdministrator && $0.isEnabled }
        guard administrators.map(\.name) == [name] else { return }
        throw .lastAdministrator(name)
    }

    private func hash(_ password: String) async throws -> String {
        try PasswordRule.check(password)
        let hash: String?
        do {
            hash = try await passwords.hash(password, cost: configuration.passwordCost)
        } catch {
            throw AccessControlError.busy
        }
        guard let hash else {
            throw AccessControlError.passwordInvalid(reason: "this system can't hash passwords by bcrypt")
        }
        return hash
    }
}

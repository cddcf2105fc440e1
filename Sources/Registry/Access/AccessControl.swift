import Access
import Logging
import Storage
import Synchronization

/// Who may do what here, and the changes of it.
///
/// Every decision is taken on ``policy``, a value that is replaced before a change's method returns: the change holds
/// for every request that begins after. What another process changes holds with the next ``reloadIfChanged()``.
package final class AccessControl: Sendable {
    package let configuration: AccessConfiguration
    let logger: Logger
    /// nil where whoever gets here may do everything, and nothing can be changed.
    private let storedMetadata: (any AccessMetadata)?
    private let passwordFile: PasswordFile?
    let passwords: PasswordVerifier
    let setup = SetupSecret()

    private struct State {
        var policy: AccessPolicy
        var revision: Int64
        var generation = 0
        /// What passwords of accounts that there aren't are compared with, which must take as long.
        var nobodysHash: String

        init(_ policy: AccessPolicy, revision: Int64, passwordCost: Int) {
            self.policy = policy
            self.revision = revision
            let costs = policy.accounts.values.compactMap { $0.passwordHash.flatMap(PasswordHash.cost) }
            let counts = Dictionary(costs.map { ($0, 1) }, uniquingKeysWith: +)
            let usual = counts.max { ($0.value, $0.key) < ($1.value, $1.key) }?.key
            nobodysHash = PasswordHash.ofNothing(cost: usual ?? passwordCost)
        }
    }

    private let state: Mutex<State>

    /// The one that reads, and the one that is to read after it, for the changes that came too late for it.
    private struct Reloads {
        var running: Task<Void, any Error>?
        var next: Task<Void, any Error>?
    }

    private let reloads = Mutex(Reloads())

    /// - Throws: ``StorageError``; ``PasswordFileError`` for a file that can't be read.
    package init(
        metadata: any AccessMetadata,
        configuration: AccessConfiguration,
        logger: Logger = Logger(label: "berthd")
    ) async throws {
        self.configuration = configuration
        self.logger = logger
        storedMetadata = metadata
        passwordFile = try configuration.passwordFile.map { try PasswordFile($0, logger: logger) }
        passwords = PasswordVerifier(configuration)
        state = Mutex(State(AccessPolicy(), revision: 0, passwordCost: configuration.passwordCost))
        try await reload()
    }

    /// What holds for good, with nothing to change.
    package init(_ policy: AccessPolicy) {
        configuration = AccessConfiguration()
        logger = Logger(label: "berthd")
        storedMetadata = nil
        passwordFile = nil
        passwords = PasswordVerifier(configuration)
        state = Mutex(State(policy, revision: 0, passwordCost: configuration.passwordCost))
    }

    /// Whoever gets here may do everything, and there are no accounts.
    package static let open = AccessControl(.open)

    /// What holds now.
    package var policy: AccessPolicy { state.withLock { $0.policy } }

    var policyAndNobodysHash: (AccessPolicy, String) { state.withLock { ($0.policy, $0.nobodysHash) } }

    /// Grows with every change of what is stored.
    package var revision: Int64 { state.withLock { $0.revision } }

    /// Grows whenever ``policy`` is replaced, for whatever cause.
    package var generation: Int { state.withLock { $0.generation } }

    /// - Throws: ``AccessControlError/noAccounts``.
    var metadata: any AccessMetadata {
        get throws {
            guard let storedMetadata else { throw AccessControlError.noAccounts }
            return storedMetadata
        }
    }

    /// Whether an account is one of the password file's, which is changed there alone.
    package func isInPasswordFile(_ name: AccountName) -> Bool {
        passwordFile?.accounts[name] != nil
    }

    /// Reads everything again, when another process has changed what is stored, or somebody the password file.
    ///
    /// - Returns: whether it was.
    package func reloadIfChanged() async throws -> Bool {
        guard let storedMetadata else { return false }
        let fileChanged = passwordFile?.reloadIfChanged() ?? false
        let revision = try await storedMetadata.accessRevision()
        guard fileChanged || revision != self.revision else { return false }
        try await reload()
        return true
    }

    /// Reads everything again. What was stored before the call holds when it returns.
    package func reload() async throws {
        let task = reloads.withLock { reloads in
            if let next = reloads.next { return next }
            let task = Task { [running = reloads.running] in
                _ = await running?.result
                self.reloads.withLock { reloads in
                    reloads.running = reloads.next
                    reloads.next = nil
                }
                try await self.read()
            }
            reloads.next = task
            return task
        }
        try await task.value
    }

    private func read() async throws {
        guard let storedMetadata else { return }
        let stored = try await storedMetadata.accessState()
        let policy = policy(from: stored)
        let next = State(policy, revision: stored.revision, passwordCost: configuration.passwordCost)
        state.withLock { state in
            let generation = state.generation + 1
            state = next
            state.generation = generation
        }
    }

    private func policy(from stored: AccessState) -> AccessPolicy {
        var accounts = Array((passwordFile?.accounts ?? [:]).values)
        for index in accounts.indices { accounts[index].groups = stored.groups[accounts[index].name] ?? [] }
        return AccessPolicy(
            // The later win.
            accounts: accounts + stored.accounts,
            tokens: stored.tokens,
            grants: stored.grants,
            rules: stored.rules,
            isOpen: stored.accounts.isEmpty && passwordFile == nil && !configuration.hasIssuers
                && configuration.isOpenWithoutAccounts
        )
    }
}

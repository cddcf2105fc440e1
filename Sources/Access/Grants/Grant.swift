/// What somebody may do with some repositories.
package struct Grant: Sendable, Hashable {
    package let subject: GrantSubject
    package let scope: Scope

    package init(_ subject: GrantSubject, _ scope: Scope) {
        self.subject = subject
        self.scope = scope
    }
}

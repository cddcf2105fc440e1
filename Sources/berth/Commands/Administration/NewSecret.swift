import ImageSpec

/// The secret of a token that has just been made: shown once.
enum NewSecret {
    /// The secret alone goes to the standard output, for a script to keep; what there is to say of it, to the other.
    static func print(_ answer: JSONValue) throws {
        guard let secret = answer["secret"]?.string else { throw AdministrationAnswerInvalid() }
        Terminal.print(secret.harmless)
        let end = answer.cell("expires_at")
        let id = answer.cell("id")
        Terminal.report(
            "Keep it now: it is shown this once. Its id is \(id)\(end.isEmpty ? "" : ", and it ends on \(end)")."
                .harmless
        )
    }
}

import ImageSpec

/// An entry of a berthd's audit.
struct AuditLine {
    let id: Int64
    /// As the registry sent it.
    let entry: JSONValue

    /// - Throws: ``AdministrationAnswerInvalid``.
    init(_ entry: JSONValue) throws(AdministrationAnswerInvalid) {
        guard case .integer(let id)? = entry["id"] else { throw AdministrationAnswerInvalid() }
        self.id = id
        self.entry = entry
    }

    /// For a person: when, who, from where, what, to what, and what came of it.
    var text: String {
        let field = { (name: String) in entry[name]?.string }
        var subject = field("repository") ?? ""
        if let reference = field("reference") { subject += subject.isEmpty ? reference : ":\(reference)" }
        if let digest = field("digest") { subject += subject.isEmpty ? digest : "@\(digest)" }
        var words = [
            field("time") ?? "-", field("actor") ?? "(\(field("actor_kind") ?? "?"))", field("client_address") ?? "-",
            field("action") ?? "-", subject.isEmpty ? "-" : subject,
        ]
        if let result = field("result"), result != "succeeded" { words.append(result) }
        if let detail = field("detail") { words.append("(\(detail))") }
        return words.joined(separator: "  ").harmless
    }
}

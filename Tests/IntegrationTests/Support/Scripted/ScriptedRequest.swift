import NIOHTTP1

/// What a scripted registry was asked.
struct ScriptedRequest: Sendable {
    let method: HTTPMethod
    /// With the query.
    let uri: String
    let headers: HTTPHeaders
    let body: [UInt8]
    /// How many requests came before this one.
    let number: Int

    func header(_ name: String) -> String? { headers.first(name: name) }
}

/// What a request's body asks for.
protocol AdministrationOrder: Decodable {
    /// All that may stand in it: what else does is a mistake that nobody should have to find by its not happening.
    associatedtype CodingKeys: CodingKey & CaseIterable
}

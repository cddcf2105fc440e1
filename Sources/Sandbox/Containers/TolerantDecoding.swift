extension KeyedDecodingContainer {
    /// The value at `key`, or `standard` where a container made by an older berth has none.
    func decode<Value: Decodable>(_ key: Key, default standard: Value) throws -> Value {
        try decodeIfPresent(Value.self, forKey: key) ?? standard
    }
}

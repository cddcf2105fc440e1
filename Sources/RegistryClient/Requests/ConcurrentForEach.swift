extension Sequence where Element: Sendable {
    /// Runs `body` for every element, never more than `width` at once; the first error ends the rest.
    package func concurrentForEach(
        atMost width: Int,
        _ body: @escaping @Sendable (Element) async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            var running = 0
            for element in self {
                if running >= width {
                    try await group.next()
                    running -= 1
                }
                group.addTask { try await body(element) }
                running += 1
            }
            try await group.waitForAll()
        }
    }
}

import TestSupport
import Testing

@testable import Registry

@Suite("Sets of byte ranges")
struct ByteRangeSetTests {
    @Test("holds what was inserted and not removed, in as few ranges as there can be", arguments: 0..<50)
    func model(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var set = ByteRangeSet()
        var model = [Bool](repeating: false, count: 200)
        for _ in 0..<100 {
            let start = Int64.random(in: 0..<200, using: &generator)
            let range = start..<Int64.random(in: start...200, using: &generator)
            let isInserted = Int.random(in: 0..<3, using: &generator) > 0
            if isInserted { set.insert(range) } else { set.remove(range) }
            for index in range { model[Int(index)] = isInserted }
            #expect(set.ranges == Self.ranges(model))
            #expect(set.count == Int64(model.count { $0 }))
            let offset = Int64.random(in: 0..<200, using: &generator)
            let end = model[Int(offset)...].firstIndex(of: false).map(Int64.init) ?? 200
            #expect(set.end(from: offset) == end)
            #expect(set.gap(from: offset, upTo: 200) == Self.gap(model, from: Int(end)))
        }
    }

    private static func ranges(_ model: [Bool]) -> [Range<Int64>] {
        var ranges: [Range<Int64>] = []
        for (index, isIn) in model.enumerated() where isIn {
            if let last = ranges.last, last.upperBound == Int64(index) {
                ranges[ranges.count - 1] = last.lowerBound..<Int64(index) + 1
            } else {
                ranges.append(Int64(index)..<Int64(index) + 1)
            }
        }
        return ranges
    }

    private static func gap(_ model: [Bool], from start: Int) -> Range<Int64>? {
        guard start < model.count else { return nil }
        let end = model[start...].firstIndex(of: true) ?? model.count
        return Int64(start)..<Int64(end)
    }
}

import Glibc

/// C strings and arrays that stay where they are as long as this lives.
final class CStrings {
    private var allocations: [UnsafeMutableRawPointer] = []

    deinit {
        for allocation in allocations { allocation.deallocate() }
    }

    func string(_ text: String) -> UnsafePointer<CChar> {
        let bytes = allocate(CChar.self, count: text.utf8.count + 1)
        for (index, byte) in text.utf8.enumerated() { bytes[index] = CChar(bitPattern: byte) }
        bytes[text.utf8.count] = 0
        return UnsafePointer(bytes)
    }

    /// An array ended by null.
    func list(_ texts: [String]) -> UnsafeMutablePointer<UnsafePointer<CChar>?> {
        array(texts.map { string($0) } + [nil])
    }

    func array<Element>(_ elements: [Element]) -> UnsafeMutablePointer<Element> {
        let pointer = allocate(Element.self, count: max(elements.count, 1))
        pointer.initialize(from: elements, count: elements.count)
        return pointer
    }

    private func allocate<Element>(_ type: Element.Type, count: Int) -> UnsafeMutablePointer<Element> {
        let pointer = UnsafeMutablePointer<Element>.allocate(capacity: count)
        allocations.append(UnsafeMutableRawPointer(pointer))
        return pointer
    }
}

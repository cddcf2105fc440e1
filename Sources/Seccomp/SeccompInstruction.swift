/// One instruction of a filter.
///
/// - SeeAlso: `struct sock_filter` in `<linux/filter.h>`.
package struct SeccompInstruction: Sendable, Equatable {
    package static let size = 8

    package var code: UInt16
    package var jumpIfTrue: UInt8 = 0
    package var jumpIfFalse: UInt8 = 0
    package var operand: UInt32

    package init(code: UInt16, jumpIfTrue: UInt8 = 0, jumpIfFalse: UInt8 = 0, operand: UInt32) {
        self.code = code
        self.jumpIfTrue = jumpIfTrue
        self.jumpIfFalse = jumpIfFalse
        self.operand = operand
    }

    /// Loads a word of `struct seccomp_data`, from `offset` on.
    static func load(at offset: UInt32) -> SeccompInstruction { SeccompInstruction(code: 0x20, operand: offset) }

    static func jump(by count: UInt32) -> SeccompInstruction { SeccompInstruction(code: 0x05, operand: count) }

    static func jumpUnlessEqual(_ value: UInt32, by count: UInt8) -> SeccompInstruction {
        SeccompInstruction(code: 0x15, jumpIfFalse: count, operand: value)
    }

    static func jumpUnlessGreater(than value: UInt32, by count: UInt8) -> SeccompInstruction {
        SeccompInstruction(code: 0x25, jumpIfFalse: count, operand: value)
    }

    static func jumpUnlessAtLeast(_ value: UInt32, by count: UInt8) -> SeccompInstruction {
        SeccompInstruction(code: 0x35, jumpIfFalse: count, operand: value)
    }

    static func end(with result: UInt32) -> SeccompInstruction { SeccompInstruction(code: 0x06, operand: result) }

    /// In this machine's order of bytes.
    package var bytes: [UInt8] {
        withUnsafeBytes(of: code) { Array($0) } + [jumpIfTrue, jumpIfFalse] + withUnsafeBytes(of: operand) { Array($0) }
    }
}

import Seccomp

/// Runs a seccomp filter as the kernel would.
struct FilterMachine {
    private let instructions: [SeccompInstruction]

    init(_ filter: [UInt8]) {
        instructions = stride(from: 0, to: filter.count, by: SeccompInstruction.size).map { start in
            let bytes = filter[start..<start + SeccompInstruction.size].map { $0 }
            return SeccompInstruction(
                code: UInt16(bytes[0]) | UInt16(bytes[1]) << 8,
                jumpIfTrue: bytes[2],
                jumpIfFalse: bytes[3],
                operand: bytes[4...].reversed().reduce(0) { $0 << 8 | UInt32($1) }
            )
        }
    }

    /// What comes of a call.
    enum Verdict: Equatable {
        case allowed
        case refused(UInt16)
        case other(UInt32)
    }

    func verdict(_ call: Int, _ arguments: UInt64..., architecture: UInt32 = 0xc000_003e) -> Verdict {
        let arguments = arguments + Array(repeating: 0, count: 6 - arguments.count)
        // `struct seccomp_data`: the number, the architecture, the address, the arguments; the lower half first.
        var words = [UInt32(truncatingIfNeeded: call), architecture, 0, 0]
        for argument in arguments {
            words += [UInt32(truncatingIfNeeded: argument), UInt32(truncatingIfNeeded: argument >> 32)]
        }
        let result = run(words)
        switch result & 0xffff_0000 {
        case 0x7fff_0000: return .allowed
        case 0x0005_0000: return .refused(UInt16(result & 0xffff))
        default: return .other(result)
        }
    }

    private func run(_ words: [UInt32]) -> UInt32 {
        var accumulator: UInt32 = 0
        var index: UInt32 = 0
        var memory = [UInt32](repeating: 0, count: 16)
        var counter = 0
        while counter < instructions.count {
            let instruction = instructions[counter]
            counter += 1
            let operand = instruction.operand
            func jump(_ condition: Bool) {
                counter += Int(condition ? instruction.jumpIfTrue : instruction.jumpIfFalse)
            }
            switch instruction.code {
            case 0x20: accumulator = words[Int(operand / 4)]
            case 0x05: counter += Int(operand)
            case 0x15: jump(accumulator == operand)
            case 0x25: jump(accumulator > operand)
            case 0x35: jump(accumulator >= operand)
            case 0x45: jump(accumulator & operand != 0)
            case 0x54: accumulator &= operand
            case 0x02: memory[Int(operand)] = accumulator
            case 0x60: accumulator = memory[Int(operand)]
            case 0x07: index = accumulator
            case 0x87: accumulator = index
            case 0x06: return operand
            default: return 0xdead
            }
        }
        return 0xdead
    }
}

/// There is nobody to ask: the standard input is no terminal.
package struct NoTerminal: Error, CustomStringConvertible {
    package init() {}

    package var description: String { "there is no terminal to ask at" }
}

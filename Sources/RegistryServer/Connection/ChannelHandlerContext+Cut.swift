import NIOCore

extension ChannelHandlerContext {
    /// Ends a channel whose client is not waited for any longer.
    ///
    /// A stream whose connection takes no more bytes takes the connection with it: the frame that ends a stream alone would
    /// wait behind those bytes.
    func cut(isStream: Bool) {
        if isStream, let connection = channel.parent, !connection.isWritable { connection.close(promise: nil) }
        close(promise: nil)
    }
}

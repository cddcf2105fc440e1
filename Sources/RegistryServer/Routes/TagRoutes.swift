import Foundation
import HTTPTypes
import Hummingbird
import ImageSpec
import NIOCore
import Registry

/// A repository's tags (end-8a, end-8b).
struct TagRoutes: Sendable {
    let registry: Registry

    func list(
        _ repository: RepositoryName,
        _ request: Request,
        _ context: RegistryRequestContext
    ) async throws -> Response {
        let query = try PageQuery(request)
        let page = try await registry.tags(
            in: repository,
            after: try query.last.map { try Tag($0) },
            count: query.count,
            as: context.caller
        )
        let body = try JSONEncoder.wire.encode(
            TagList(name: repository.rawValue, tags: page.tags.map(\.rawValue))
        )
        var headers: HTTPFields = [.contentType: "application/json"]
        headers.warn(of: page.staleness)
        if page.hasMore, let last = page.tags.last {
            headers[.link] = "</v2/\(repository)/tags/list?n=\(page.tags.count)&last=\(last)>; rel=\"next\""
        }
        return Response(
            status: .ok,
            headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: body))
        )
    }

    private struct TagList: Encodable {
        let name: String
        let tags: [String]
    }
}

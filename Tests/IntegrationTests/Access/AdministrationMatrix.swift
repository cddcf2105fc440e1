/// Who is answered what by the addresses below `/api/v1`: a line for each, a column for each kind of caller.
enum AdministrationMatrix {
    struct Row: Sendable, CustomStringConvertible {
        /// A method and a path, as ``RegistryServer/routes(of:)`` writes them.
        let route: String
        let path: String
        let order: String?
        let statuses: [(caller: String, status: Int)]

        var description: String { "\(route) (\(path))" }
    }

    static let callers = ["nobody", "wrong", "alice", "token", "robot", "owner", "narrow", "root"]

    static let rows: [Row] = table.split(separator: "\n").map { line in
        let columns = line.split(separator: " ", maxSplits: 3 + callers.count).map(String.init)
        return Row(
            route: "\(columns[0]) /api/v1\(columns[1])",
            path: columns[2] == "-" ? columns[1] : columns[2],
            order: columns.count > 3 + callers.count ? columns[3 + callers.count] : nil,
            statuses: Array(zip(callers, columns.dropFirst(3).prefix(callers.count).map { Int($0) ?? 0 }))
        )
    }

    /// What is changed is put back, or is the same again, or isn't there: every caller finds the same.
    private static let table = """
        GET    /whoami                         -                             401 401 200 200 200 200 200 200
        GET    /users                          -                             401 401 403 403 403 403 403 200
        POST   /users                          -                             401 401 403 403 403 403 403 409 {"name":"alice"}
        GET    /users/{name}                   /users/alice                  401 401 200 200 403 403 403 200
        GET    /users/{name}                   /users/ghost                  401 401 403 403 403 403 403 404
        PATCH  /users/{name}                   /users/alice                  401 401 403 403 403 403 403 200 {"enabled":true}
        PATCH  /users/{name}                   /users/ghost                  401 401 403 403 403 403 403 404 {"password":"correct horse"}
        DELETE /users/{name}                   /users/ghost                  401 401 403 403 403 403 403 404
        GET    /groups                         -                             401 401 403 403 403 403 403 200
        PUT    /groups/{group}/members/{name}  /groups/all/members/alice     401 401 403 403 403 403 403 204
        DELETE /groups/{group}/members/{name}  /groups/none/members/alice    401 401 403 403 403 403 403 404
        DELETE /groups/{group}                 /groups/none                  401 401 403 403 403 403 403 404
        GET    /robots                         -                             401 401 403 403 403 403 403 200
        POST   /robots                         -                             401 401 403 403 403 403 403 409 {"name":"robot"}
        GET    /robots/{name}                  /robots/robot                 401 401 403 403 200 403 403 200
        PATCH  /robots/{name}                  /robots/robot                 401 401 403 403 403 403 403 200 {"enabled":true}
        DELETE /robots/{name}                  /robots/ghost                 401 401 403 403 403 403 403 404
        POST   /robots/{name}/rotate           /robots/robot/rotate          401 401 403 403 200 403 403 200 {}
        GET    /tokens                         -                             401 401 200 200 200 200 403 200
        GET    /tokens                         /tokens?owner=root            401 401 403 403 403 403 403 200
        GET    /tokens                         /tokens?owner=*               401 401 403 403 403 403 403 200
        POST   /tokens                         -                             401 401 201 403 403 201 403 201 {"name":"another"}
        POST   /tokens                         -                             401 401 403 403 403 403 403 201 {"name":"a","owner":"root"}
        DELETE /tokens/{id}                    /tokens/0000000000000000      401 401 404 404 404 404 404 404
        GET    /grants                         -                             401 401 403 403 403 403 403 200
        GET    /grants                         /grants?pattern=team/app      401 401 403 403 403 200 200 200
        GET    /grants                         /grants?pattern=team/*        401 401 403 403 403 403 403 200
        PUT    /grants                         -                             401 401 403 403 403 200 200 200 {"subject":"alice","pattern":"team/app","actions":["pull"]}
        PUT    /grants                         -                             401 401 403 403 403 403 403 200 {"subject":"alice","pattern":"team/**","actions":["pull"]}
        DELETE /grants                         /grants?subject=root&pattern=team/app 401 401 403 403 403 404 404 404
        DELETE /grants                         /grants?subject=root&pattern=** 401 401 403 403 403 403 403 404
        GET    /rules                          -                             401 401 403 403 403 403 403 200
        GET    /rules                          /rules?pattern=team/app       401 401 403 403 403 200 200 200
        PUT    /rules                          -                             401 401 403 403 403 200 200 200 {"pattern":"team/app","visibility":"private"}
        PUT    /rules                          -                             401 401 403 403 403 403 403 200 {"pattern":"other/*","visibility":"private"}
        DELETE /rules                          /rules?pattern=no/such        401 401 403 403 403 403 404 404
        GET    /quotas                         -                             401 401 403 403 403 403 403 200
        PUT    /quotas                         -                             401 401 403 403 403 403 403 204 {"namespace":"team","bytes":1000000}
        DELETE /quotas                         /quotas?namespace=no/such     401 401 403 403 403 403 403 404
        GET    /cache/status                  -                             401 401 403 403 403 403 403 404
        GET    /cache/images                  -                             401 401 403 403 403 403 403 200
        GET    /cache/pins                    -                             401 401 403 403 403 403 403 200
        POST   /cache/pins                    -                             401 401 403 403 403 403 403 200 {"pattern":"x:*"}
        POST   /cache/unpin                   -                             401 401 403 403 403 403 403 404 {"pattern":"y:*"}
        POST   /cache/warm                    -                             401 401 403 403 403 403 403 404 {"image":"a:1"}
        POST   /cache/evict                   -                             401 401 403 403 403 403 403 200 {"pattern":"x:*"}
        """
}

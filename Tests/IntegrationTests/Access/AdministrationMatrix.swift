extension AccessMatrix {
    /// Who may do what by the administration's addresses. `+one` is about one repository's grants and rules, which who
    /// administers it may change.
    static let administration: [Row] = rows(
        of: """
            GET     /api/v1/whoami                              -        401 401 200 200 200 200 200 200 200 200 200
            GET     /api/v1/users                               -        401 401 403 403 403 403 403 403 403 403 200
            POST    /api/v1/users                               -        401 401 403 403 403 403 403 403 403 403 201
            GET     /api/v1/users/{name}                        -        401 401 403 403 403 403 403 403 403 403 200
            PATCH   /api/v1/users/{name}                        -        401 401 403 403 403 403 403 403 403 403 200
            DELETE  /api/v1/users/{name}                        -        401 401 403 403 403 403 403 403 403 403 204
            GET     /api/v1/groups                              -        401 401 403 403 403 403 403 403 403 403 200
            PUT     /api/v1/groups/{group}/members/{name}       -        401 401 403 403 403 403 403 403 403 403 204
            DELETE  /api/v1/groups/{group}/members/{name}       -        401 401 403 403 403 403 403 403 403 403 204
            DELETE  /api/v1/groups/{group}                      -        401 401 403 403 403 403 403 403 403 403 204
            GET     /api/v1/tokens                              -        401 401 200 200 200 403 200 200 200 200 200
            POST    /api/v1/tokens                              -        401 401 201 201 201 403 201 409 201 201 201
            DELETE  /api/v1/tokens/{id}                         -        401 401 403 403 403 403 403 403 403 403 204
            GET     /api/v1/robots                              -        401 401 403 403 403 403 403 403 403 403 200
            POST    /api/v1/robots                              -        401 401 403 403 403 403 403 403 403 403 201
            GET     /api/v1/robots/{name}                       -        401 401 403 403 403 403 403 403 403 403 200
            PATCH   /api/v1/robots/{name}                       -        401 401 403 403 403 403 403 403 403 403 200
            DELETE  /api/v1/robots/{name}                       -        401 401 403 403 403 403 403 403 403 403 204
            POST    /api/v1/robots/{name}/rotate                -        401 401 403 403 403 403 403 403 403 403 200
            GET     /api/v1/grants                              -        401 401 403 403 403 403 403 403 403 403 200
            PUT     /api/v1/grants                              -        401 401 403 403 403 403 403 403 403 403 200
            DELETE  /api/v1/grants                              -        401 401 403 403 403 403 403 403 403 403 204
            GET     /api/v1/rules                               -        401 401 403 403 403 403 403 403 403 403 200
            PUT     /api/v1/rules                               -        401 401 403 403 403 403 403 403 403 403 200
            DELETE  /api/v1/rules                               -        401 401 403 403 403 403 403 403 403 403 204
            GET     /api/v1/grants+one                          -        401 401 403 403 403 403 403 403 403 200 200
            PUT     /api/v1/grants+one                          -        401 401 403 403 403 403 403 403 403 200 200
            DELETE  /api/v1/grants+one                          -        401 401 403 403 403 403 403 403 403 204 204
            GET     /api/v1/rules+one                           -        401 401 403 403 403 403 403 403 403 200 200
            PUT     /api/v1/rules+one                           -        401 401 403 403 403 403 403 403 403 200 200
            DELETE  /api/v1/rules+one                           -        401 401 403 403 403 403 403 403 403 204 204
            GET     /api/v1/quotas                              -        401 401 403 403 403 403 403 403 403 403 200
            PUT     /api/v1/quotas                              -        401 401 403 403 403 403 403 403 403 403 204
            DELETE  /api/v1/quotas                              -        401 401 403 403 403 403 403 403 403 403 204
            GET     /api/v1/audit                               -        401 401 403 403 403 403 403 403 403 403 200
            HEAD    /api/v1/audit                               -        401 401 403 403 403 403 403 403 403 403 200
            GET     /api/v1/cache/status                        -        401 401 403 403 403 403 403 403 403 403 200
            GET     /api/v1/cache/images                        -        401 401 403 403 403 403 403 403 403 403 200
            GET     /api/v1/cache/pins                          -        401 401 403 403 403 403 403 403 403 403 200
            POST    /api/v1/cache/pins                          -        401 401 403 403 403 403 403 403 403 403 200
            POST    /api/v1/cache/unpin                         -        401 401 403 403 403 403 403 403 403 403 200
            POST    /api/v1/cache/warm                          -        401 401 403 403 403 403 403 403 403 403 200
            POST    /api/v1/cache/evict                         -        401 401 403 403 403 403 403 403 403 403 200
            """
    )
}

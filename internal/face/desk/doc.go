// Package desk serves the people who answer: signing in, the accounts, and
// everything that their page works with, as JSON under /desk/api.
//
// A route is a row of the table in route.go. A call reaches its function only
// with a signed-in caller whose role has the row's permission. Errors are
// problem details (RFC 9457) with a stable code.
package desk

// Package rest is the HTTP face of the core: the routes of contract a.1-a.5,
// a.8-a.10 and a.13 in their own format, and our routes under /api/v1/ with
// RFC 9457 errors. It decodes, calls the core and encodes; it holds no rules
// of sessions.
//
// Every request goes through the same steps in the order of contract a.0:
// method and size, then integration, key and address, then the session, then
// the body.
package rest

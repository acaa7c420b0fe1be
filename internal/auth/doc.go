// Package auth decides who may speak for an integration: API keys with an
// address allowlist for back ends (contract a.0), identity tokens for the
// people behind sockets (contract c.5), and the caller's address behind
// trusted proxies.
//
// A [Directory] is a snapshot of the registry, replaced whole by Reload. Reads
// take no lock and never wait for the store.
package auth

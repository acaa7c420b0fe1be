// Package pgtest starts real PostgreSQL servers for tests: one that the tests of
// a process share, with a fresh database for each, and servers of their own for
// tests that stop and start them. Every commit is on disk before it is confirmed.
package pgtest

// Package sqlite is the embedded store: SQLite in WAL mode with
// synchronous=FULL, written by one writer with group commit and read by a few
// connections of their own.
//
// It holds no rules. A [session.Change] carries its own and runs inside the
// transaction; the changes that arrive while a transaction runs share the next
// one, and with it one sync of the disk. Nobody is answered before the commit.
package sqlite

// Package postgres is the store of many nodes: one PostgreSQL, 15 or later, that
// every node writes to.
//
// It holds no rules. A [session.Change] carries its own and runs inside the
// transaction that commits it, on rows of clients that the transaction has locked:
// every write to a client's rows holds the lock of its row in clients. Changes that
// wait together share a transaction. Nobody is answered before the commit, and
// nobody is told a failure that is none: where the connection is lost between COMMIT
// and its answer, the store finds out.
//
// All SQL stands in queries and migrations. Text columns hold what callers send; see
// [Escape] for the few bytes that PostgreSQL refuses.
package postgres

// Package session is the domain of Parley: sessions between people, bots and
// human agents, their context, their conversations and their life.
//
// The nouns (integration, client, chain, session, conversation, message,
// event, timer) stand one to a file with their rules beside them. What happens
// to a session is a turn; what a turn decided is a [Change], which a [Store]
// commits whole or not at all. Rules run inside that transaction against a
// [Work], the rows as they are at that moment, so no rule lives in a store and
// no rule decides on a row that has moved since.
//
// The package imports only the standard library. It owns the ports [Store],
// [Registry], [Bus] and [Bot].
//
// Ordering guarantees: messages of one client run in the order of their
// acknowledgement; events of a chain carry the sequence 1..n without a gap and
// are published in that order, after the commit that made them.
package session

// Package wire is the one place where the two forms of a reply meet: the
// replies of scripts, which clients of the Chat API read (script-api 3 and
// 6.1), and the response objects that sessions store and send (contract (e)).
// [Writer] turns replies into objects, [Replies] turns them back.
package wire

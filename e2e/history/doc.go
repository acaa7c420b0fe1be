// Package history tests what must hold in every run of Parley. A [History] is
// everything that was observed of a run: calls with their answers, what
// sockets and webhook receivers got, the program's debug log of turns, and the
// facts as they are stored. [Check] compares them with the nineteen invariants
// of the core and returns what contradicts them; [CheckFacts] tests those that
// hold at every moment, also right after a crash.
//
// The invariants carry numbers, 1 to 19, which a [Finding] names.
//
// For a counting script to be seen through, the bot under test keeps
// $session.n and $client.n, raises both once a turn, and answers a message
// "VERB TOKEN" with "VERB TOKEN s=N c=M"; its script timeout answers "timeout"
// with the token of the message that armed it. Every write a caller makes
// carries a token of its own, by which it is found in the facts.
package history

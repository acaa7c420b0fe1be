// Package inbox is what stands behind the desk's list: one row to a thread,
// its filters, counts, search and figures, and the feed that keeps an open list
// as it is in the store (guarantees 2, row 16).
//
// A commit of the core only marks its chains. The [Inbox] reads them a moment
// later, folds what is new into their rows, writes the rows and their full text
// in one group, and then tells the [Feed]. The transaction of a turn stays as it
// is.
package inbox

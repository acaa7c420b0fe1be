// Package porttest finds ports for servers of tests that come back where they
// were, and for programs that have to be told one. It is for tests only.
package porttest

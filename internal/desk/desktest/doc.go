// Package desktest holds the suites that every [desk.Store] and [desk.Queue] must
// pass unchanged.
package desktest

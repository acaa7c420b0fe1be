// Package inboxtest holds the suite that every [inbox.Index] must pass
// unchanged.
package inboxtest

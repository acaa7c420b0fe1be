// Package sessiontest holds what tests of the core and its ports share: the
// suite that every [session.Store] must pass unchanged, and builders.
//
// The suite drives a store through the core wherever the core can do it, and
// compares rows field for field with what the committed batches said.
package sessiontest

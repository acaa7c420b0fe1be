// Package blobtest holds the suites that every [blob.Index] and [blob.Objects]
// must pass unchanged.
package blobtest

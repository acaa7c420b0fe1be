// Package accounttest holds the suite that every [account.Store] must pass
// unchanged.
package accounttest

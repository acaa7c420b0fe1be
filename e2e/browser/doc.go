// Package browser tests the pages in a real Chromium against the real program.
package browser

//go:build faults

package postgres

import (
	"os"
	"slices"
	"strings"
)

// guardOutcome is off when PARLEY_GUARDS_OFF, names separated by commas, has "outcome".
var guardOutcome = !slices.Contains(strings.Split(os.Getenv("PARLEY_GUARDS_OFF"), ","), "outcome")

package account

import (
	_ "embed"
	"strings"
	"sync"
)

//go:embed wordlist.txt
var commonText string

// commonPasswords are passwords that people choose first and attackers try
// first, in lower case. Shorter ones than MinPasswordChars need no line.
var commonPasswords = sync.OnceValue(func() map[string]struct{} {
	list := map[string]struct{}{}
	for line := range strings.Lines(commonText) {
		list[strings.TrimSpace(line)] = struct{}{}
	}
	return list
})

package inbox

import (
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
)

// Checksum lets a page verify its list: it holds for what the page shows once
// it has applied every update up to Cursor.
type Checksum struct {
	Tab    Tab    `json:"tab"`
	Count  int    `json:"count"`
	Hash   string `json:"hash"`
	Cursor int64  `json:"cursor"`
}

// Hash returns the 32-bit FNV-1a hash, in 8 hex digits, of the lines
// "id:last_sequence:status\n", sorted as text.
func Hash(lines []Line) string {
	list := make([]string, len(lines))
	for i, l := range lines {
		list[i] = fmt.Sprintf("%s:%d:%s\n", l.ID, l.Sequence, l.Status)
	}
	slices.Sort(list)
	h := fnv.New32a()
	_, _ = h.Write([]byte(strings.Join(list, "")))
	return fmt.Sprintf("%08x", h.Sum32())
}
